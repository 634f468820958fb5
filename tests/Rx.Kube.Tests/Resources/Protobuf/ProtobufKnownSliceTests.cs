using System.Runtime.CompilerServices;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Resources.Protobuf;

/// <summary>A decoder that remembers slices gives what one that remembers nothing gives, and shares what did not change.</summary>
public class ProtobufKnownSliceTests
{
    [Fact]
    public void Whatever_changes_the_result_is_that_of_a_decoder_that_remembers_nothing()
    {
        var random = new Random(1);
        var decoder = new ProtobufSliceDecoder();
        var state = new Dictionary<string, List<byte[]>>();
        var held = new List<(EndpointSlice Slice, string Text)>();
        for (var i = 0; i < 5_000; i++)
        {
            var name = $"s{random.Next(4)}";
            if (!state.TryGetValue(name, out var endpoints))
            {
                state.Add(name, endpoints = []);
            }

            Change(endpoints, random, i);
            var data = Slice(name, $"{i}", endpoints);

            var slice = decoder.Decode(data);

            Assert.Equal(new ProtobufSliceDecoder(remembers: false).Decode(data), slice);
            held.Add((slice, $"{slice}"));
            if (random.Next(50) == 0)
            {
                Assert.Throws<ProtobufException>(() => decoder.Decode([.. data, .. Field(2, Field(1, [0xff])), 0xff]));
            }
        }

        Assert.All(held, h => Assert.Equal(h.Text, $"{h.Slice}")); // nothing that was handed out has changed
    }

    [Fact]
    public void Endpoints_that_did_not_change_are_the_same_instances()
    {
        var decoder = new ProtobufSliceDecoder();
        List<byte[]> endpoints = [.. Enumerable.Range(0, 40).Select(i => Endpoint(i))];
        var first = decoder.Decode(Slice("a", "1", endpoints));

        endpoints[7] = Endpoint(7, ready: false);
        var flipped = decoder.Decode(Slice("a", "2", endpoints));
        endpoints.RemoveAt(20);
        endpoints.Insert(3, Endpoint(99));
        var moved = decoder.Decode(Slice("a", "3", endpoints));

        Assert.Equal(Enumerable.Range(0, 40).Where(i => i != 7), Same(first, flipped));
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i != 20), Same(flipped, moved));
        Assert.Equal(first.Endpoints[7] with { Ready = false }, flipped.Endpoints[7]);
        Assert.Same(first.Metadata.Controller, flipped.Metadata.Controller);
        Assert.Same(first.Ports[0], flipped.Ports[0]);

        static IEnumerable<int> Same(EndpointSlice before, EndpointSlice after) => Enumerable.Range(0, before.Endpoints.Count)
            .Where(i => after.Endpoints.Any(e => ReferenceEquals(e, before.Endpoints[i])));
    }

    [Fact]
    public void An_event_of_a_hundred_endpoints_with_one_change_allocates_little()
    {
        var decoder = new ProtobufSliceDecoder();
        List<byte[]> endpoints = [.. Enumerable.Range(0, 100).Select(i => Endpoint(i))];
        byte[][] versions = [Slice("a", "1", endpoints), Slice("a", "2", [.. endpoints[..50], Endpoint(50, false), .. endpoints[51..]])];
        var last = decoder.Decode(versions[0]);
        last = decoder.Decode(versions[1]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            last = decoder.Decode(versions[i % 2]);
        }

        // 100 references are 800 bytes where they are one array.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, 1_600);
        GC.KeepAlive(last);
    }

    [Fact]
    public void A_change_of_all_conditions_allocates_an_endpoint_each()
    {
        var decoder = new ProtobufSliceDecoder();
        byte[][] versions =
        [
            Slice("a", "1", [.. Enumerable.Range(0, 100).Select(i => Endpoint(i))]),
            Slice("a", "2", [.. Enumerable.Range(0, 100).Select(i => Endpoint(i, ready: false))]),
        ];
        var last = decoder.Decode(versions[0]);
        last = decoder.Decode(versions[1]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            last = decoder.Decode(versions[i % 2]);
        }

        // An endpoint is 64 bytes, and the references to it are 16.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000, 64, 105);
        Assert.All(last.Endpoints, e => Assert.False(e.Ready));
    }

    [Fact]
    public void Conditions_that_are_there_twice_are_the_last_ones()
    {
        var decoder = new ProtobufSliceDecoder();
        byte[] Twice(bool first, bool second) =>
            [.. Endpoint(1), .. Field(2, Field(1, first ? 1UL : 0)), .. Field(2, Field(1, second ? 1UL : 0))];
        (bool First, bool Second)[] all = [(true, false), (false, false), (true, false), (false, true), (true, true), (false, true)];
        Assert.All(all, pair => Assert.Equal(
            pair.Second, decoder.Decode(Slice("a", "1", [Twice(pair.First, pair.Second)])).Endpoints[0].Ready));
    }

    [Fact]
    public void What_is_remembered_of_slices_that_are_gone_is_dropped()
    {
        var known = new ProtobufKnownSlices();
        for (var i = 0; i < 2_000; i++)
        {
            Keep(known, (ulong)i);
            if (i % 200 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.InRange(known.Count, 1, 600);
        GC.Collect();
        Assert.Null(known.Take(1_999));
    }

    [Fact]
    public async Task Many_threads_may_decode_the_same_slices()
    {
        var decoder = new ProtobufSliceDecoder();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 2_000; i++)
            {
                List<byte[]> endpoints = [.. Enumerable.Range(0, random.Next(20)).Select(e => Endpoint(e, random.Next(2) == 0))];
                var data = Slice("a", $"{i}", endpoints);
                Assert.Equal(new ProtobufSliceDecoder(remembers: false).Decode(data), decoder.Decode(data));
            }
        })));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(ProtobufKnownSlices known, ulong identity)
    {
        var slice = new ProtobufKnownSlice();
        var changes = new List<ProtobufEndpointChange>();
        slice.Add(new ProtobufReader(Endpoint(1)), new ProtobufEndpointReader(new StringPool()), changes);
        slice.End(changes);
        known.Keep(identity, slice);
    }

    private static void Change(List<byte[]> endpoints, Random random, int number)
    {
        for (var times = random.Next(3); times >= 0; times--)
        {
            var at = random.Next(endpoints.Count + 1);
            switch (random.Next(8))
            {
                case 0 when at < endpoints.Count:
                    endpoints.RemoveAt(at);
                    break;
                case 1:
                    endpoints.Insert(at, Endpoint(number));
                    break;
                case 2 when at < endpoints.Count:
                    endpoints.Insert(random.Next(endpoints.Count), endpoints[at]); // twice
                    break;
                case 3 when at < endpoints.Count:
                    var moved = endpoints[at];
                    endpoints.RemoveAt(at);
                    endpoints.Insert(random.Next(endpoints.Count + 1), moved);
                    break;
                case 4 when random.Next(20) == 0:
                    endpoints.Clear();
                    break;
                case 5 when random.Next(20) == 0:
                    endpoints.AddRange(Enumerable.Range(0, 50).Select(i => Endpoint(i)));
                    break;
                case 6:
                    endpoints.Insert(at, []);
                    break;
                default:
                    if (at < endpoints.Count)
                    {
                        endpoints[at] = Endpoint(random.Next(100), random.Next(2) == 0);
                    }

                    break;
            }
        }
    }

    private static byte[] Slice(string name, string version, List<byte[]> endpoints) =>
    [
        .. Field(
            1,
            [
                .. Field(1, name), .. Field(3, "default"), .. Field(5, "u"), .. Field(6, version),
                .. Field(13, [.. Field(1, "Service"), .. Field(3, "s"), .. Field(4, "o"), .. Field(6, 1UL)]),
            ]),
        .. endpoints.SelectMany(e => Field(2, e)),
        .. Field(3, [.. Field(1, "http"), .. Field(3, 80UL)]),
    ];

    private static byte[] Endpoint(int number, bool ready = true) =>
    [
        .. Field(1, $"10.0.{number / 250}.{number % 250}"), .. Field(2, Field(1, ready ? 1UL : 0)),
        .. Field(4, [.. Field(1, "Pod"), .. Field(3, $"pod-{number}"), .. Field(4, $"uid-{number}")]),
    ];
}
