using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Rx.Kube.Tests.Resources;

/// <summary>Properties of the decoders of Pods and Nodes for every input. A failure prints its seed, which is the whole input.</summary>
public class PodAndNodeDecoderProperties
{
    // One decoder for all inputs, so that what it remembers could spoil the next one.
    private readonly PodDecoder _pods = new();
    private readonly NodeDecoder _nodes = new();

    [Fact]
    public void A_pod_equals_the_pod_of_a_reference_decoder() => ForSeeds(3000, seed =>
    {
        var json = Bytes(seed, random => new RandomPod(random).Next());
        var (expected, pod) = (ReferencePod.Decode(json), _pods.Decode(json));
        Assert.Equal(expected, pod);
        Assert.Equal(expected.Metadata, pod.Metadata); // its version as well
        Assert.Equal(expected.GetHashCode(), pod.GetHashCode());
        Assert.Equal(ReferencePod.Ordinal(expected), pod.Ordinal);
        Assert.Equal(expected.Metadata.Labels.GetValueOrDefault("controller-revision-hash"), pod.Revision);
    });

    [Fact]
    public void A_node_equals_the_node_of_a_reference_decoder() => ForSeeds(3000, seed =>
    {
        var json = Bytes(seed, random => new RandomNode(random).Next());
        var (expected, node) = (ReferencePod.DecodeNode(json), _nodes.Decode(json));
        Assert.Equal(expected, node);
        Assert.Equal(expected.Metadata, node.Metadata);
        Assert.Equal(expected.GetHashCode(), node.GetHashCode());
        Assert.Equal(expected.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/zone"), node.Zone);
        Assert.Equal(expected.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/region"), node.Region);
    });

    [Fact]
    public void Broken_input_is_a_JsonException_and_nothing_else() => ForSeeds(2000, seed =>
    {
        var random = new Random(seed);
        var (pod, node) = (Bytes(seed, r => new RandomPod(r).Next()), Bytes(seed, r => new RandomNode(r).Next()));
        var (keptPod, keptNode) = (_pods.Decode(pod), _nodes.Decode(node));
        for (var i = 0; i < 10; i++)
        {
            Try(_pods.Decode, json => new PodDecoder().Decode(json), JsonMutation.Mutate(pod, random));
            Try(_nodes.Decode, json => new NodeDecoder().Decode(json), JsonMutation.Mutate(node, random));
        }

        Assert.Equal(keptPod, _pods.Decode(pod));
        Assert.Equal(keptNode, _nodes.Decode(node));

        static void Try<T>(ObjectDecoder<T> known, ObjectDecoder<T> fresh, byte[] json)
        {
            try
            {
                var decoded = known(json);
                Assert.Equal(fresh(json), decoded);
            }
            catch (JsonException e)
            {
                Assert.NotNull(e.Path);
            }
        }
    });

    private static byte[] Bytes(int seed, Func<Random, JsonObject> make)
    {
        var random = new Random(seed);
        return Encoding.UTF8.GetBytes(make(random).ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(4) == 0 }));
    }

    private static void ForSeeds(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
