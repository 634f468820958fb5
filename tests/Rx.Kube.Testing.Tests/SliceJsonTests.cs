using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests;

/// <summary>The JSON of a slice, decoded by the client, is the same slice.</summary>
public sealed class SliceJsonTests
{
    private static readonly string[] _texts =
        ["", "a", "cache-0", "10.0.0.1", "fd00::1", "ü", "日本", "😀", "a\"b\\c\n", "\u001b[2J", "<&'>", new('x', 300)];

    [Fact]
    public void Every_slice_that_the_builder_makes_is_decoded_as_it_was()
    {
        foreach (var seed in TestSeed.Many(1_000))
        {
            var slice = Built(new Random(seed));
            Check(seed, slice, SliceJson.Of(slice));
        }
    }

    [Fact]
    public void Every_possible_slice_is_decoded_as_it_was()
    {
        foreach (var seed in TestSeed.Many(1_000))
        {
            var random = new Random(seed);
            var slices = Enumerable.Range(0, 3).Select(_ => Any(random)).ToArray();
            Check(seed, slices[0], SliceJson.Of(slices[0]));
            Check(seed, slices[0], Object(SliceJson.Added(slices[0])));
            Check(seed, slices[1], Object(SliceJson.Modified(slices[1])));
            Check(seed, slices[2], Object(SliceJson.Deleted(slices[2])));
            using var list = JsonDocument.Parse(SliceJson.List("7", slices));
            foreach (var (slice, item) in slices.Zip(list.RootElement.GetProperty("items").EnumerateArray()))
            {
                Check(seed, slice, item.GetRawText());
            }
        }
    }

    private static void Check(int seed, EndpointSlice slice, string json)
    {
        var decoded = ResourceKinds.EndpointSlices.Decode(Encoding.UTF8.GetBytes(json));
        Assert.True(slice.Equals(decoded), $"{TestSeed.Text(seed)}: {json} is decoded as {SliceJson.Of(decoded)}");
    }

    private static string Object(string line)
    {
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal)); // one event is one line
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("object").GetRawText();
    }

    /// <summary>A slice from the methods of <see cref="Slice"/>, with and without each optional parameter.</summary>
    private static EndpointSlice Built(Random random)
    {
        var slice = Slice.Of(
            Text(random) + "n", Text(random) + "s", random.NextInt64(), Text(random),
            random.GetItems(["IPv4", "IPv6", "FQDN"], 1)[0], Maybe(random, 8080));
        for (var n = random.Next(6); n > 0; n--)
        {
            slice = random.Next(5) switch
            {
                0 => slice.WithPort(
                    Maybe(random, random.Next(65_536)), random.Next(2) == 0 ? "" : Text(random),
                    random.GetItems(["TCP", "UDP", "SCTP"], 1)[0], Maybe(random, Text(random))),
                3 => slice.WithLabel($"label-{random.Next(3)}", Maybe(random, Text(random))),
                1 => slice.At(random.NextInt64()),
                2 when slice.Endpoints is [{ TargetRef: { } pod }, ..] => slice.Without(pod.Name),
                _ => slice.With(
                    Text(random), Text(random), Maybe(random, random.Next(2) == 0), Maybe(random, random.Next(2) == 0),
                    Maybe(random, random.Next(2) == 0),
                    Maybe(random, Text(random)), Maybe(random, Text(random)), Maybe(random, Text(random)), Maybe(random, Text(random))),
            };
        }

        return slice;
    }

    /// <summary>A slice with and without each field.</summary>
    private static EndpointSlice Any(Random random) => new()
    {
        Metadata = new()
        {
            Name = Text(random) + "n",
            Namespace = Text(random),
            Uid = Text(random),
            ResourceVersion = Text(random),
            Labels = Enumerable.Range(0, random.Next(4)).ToFrozenDictionary(i => $"{Text(random)}{i}", _ => Text(random)),
            LastChangeTriggerTime = random.Next(3) == 0 ? null : new DateTimeOffset(
                random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromHours(random.Next(3))),
        },
        AddressType = Text(random),
        Endpoints = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new Endpoint
        {
            Addresses = [.. Texts(random)],
            Ready = Maybe(random, random.Next(2) == 0),
            Serving = Maybe(random, random.Next(2) == 0),
            Terminating = Maybe(random, random.Next(2) == 0),
            Hostname = Maybe(random, Text(random)),
            NodeName = Maybe(random, Text(random)),
            Zone = Maybe(random, Text(random)),
            TargetRef = Maybe(random, new TargetReference(Text(random), Text(random), Text(random), Text(random))),
            ForZones = [.. Texts(random)],
            ForNodes = [.. Texts(random)],
        })],
        Ports = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new EndpointPort(
            Text(random), Maybe(random, random.Next(65_536)), "UDP", Maybe(random, Text(random))))],
    };

    private static string[] Texts(Random random) => random.GetItems(_texts, random.Next(3));

    private static string Text(Random random) => _texts[random.Next(_texts.Length)];

    private static T? Maybe<T>(Random random, T value)
        where T : class => random.Next(3) > 0 ? value : null;

    private static bool? Maybe(Random random, bool value) => random.Next(3) > 0 ? value : null;

    private static int? Maybe(Random random, int value) => random.Next(3) > 0 ? value : null;
}
