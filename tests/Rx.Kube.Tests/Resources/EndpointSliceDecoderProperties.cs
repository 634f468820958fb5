using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Rx.Kube.Tests.Resources;

/// <summary>Properties of the decoder for every input. A failure prints its seed, which is the whole input.</summary>
public class EndpointSliceDecoderProperties
{
    // One decoder for all inputs, so that what it remembers could spoil the next one.
    private readonly EndpointSliceDecoder _decoder = new();

    [Fact]
    public void A_slice_equals_the_slice_of_a_reference_decoder() => ForSeeds(3000, seed =>
    {
        var random = new Random(seed);
        var slice = new RandomSlice(random).Next();
        var json = Encoding.UTF8.GetBytes(slice.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(4) == 0 }));
        var expected = ReferenceSlice.Decode(json);
        var decoded = _decoder.Decode(json);
        Assert.Equal(expected, decoded);
        Assert.Equal(expected, _decoder.Decode(json));
    });

    [Fact]
    public void Broken_input_is_a_JsonException_and_nothing_else() => ForSeeds(2000, seed =>
    {
        var random = new Random(seed);
        var json = Encoding.UTF8.GetBytes(new RandomSlice(random).Next().ToJsonString());
        var kept = _decoder.Decode(json);
        for (var i = 0; i < 15; i++)
        {
            var broken = JsonMutation.Mutate(json, random);
            try
            {
                var decoded = _decoder.Decode(broken);
                Assert.Equal(new EndpointSliceDecoder().Decode(broken), decoded);
            }
            catch (JsonException e)
            {
                Assert.NotNull(e.Path);
            }
        }

        Assert.Equal(kept, _decoder.Decode(json));
    });

    private static void ForSeeds(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
