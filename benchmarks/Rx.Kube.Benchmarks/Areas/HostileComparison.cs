using System.Reactive.Subjects;
using System.Text;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Collisions;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// What a server can send to be expensive. The cost of one event, line or name must not grow with their number: each goal is a ratio of two
/// such costs, which is 1 if the cost is flat, and the ratio of the numbers if each event reads all that came before it.
/// </summary>
internal static class HostileComparison
{
    private const string Area = "hostile";

    private const string EventBegin = """{"type":"ADDED",""";
    private const string EventEnd = """
        "object":{"metadata":{"name":"a"}}}

        """;

    // Twenty times as many objects do not fit in the same caches.
    private const double Flat = 2;

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        int[] sizes = options.Pick<int[]>([50, 1_000], [1_000, 20_000], [1_000, 20_000]);
        return Held(sizes, options)
            .Concat(Ratio(
                "a blank line between events", "lines", sizes, options,
                lines => Read(Enumerable.Repeat("\n", lines), many: options.Pick(1, 20, 100) * sizes[^1] / lines)))
            .Concat(Ratio(
                "a blank line in an event", "lines", sizes, options,
                lines => Read(
                    [EventBegin, .. Enumerable.Repeat(" \n", lines), EventEnd],
                    many: options.Pick(1, 20, 100) * sizes[^1] / lines)))
            .Concat(Ratio(
                "a Service whose name collides in the hash of .NET without a key", "names", sizes, options,
                names => Fold(CollidingNames.Of(names), many: sizes[^1] / names),
                names => Fold(CollidingNames.Ordinary(names), many: sizes[^1] / names)));
    }

    private static IEnumerable<ComparedRow> Held(int[] sizes, CompareOptions options)
    {
        var many = options.Pick(1, 10, 50);
        HostileBenchmarks[] held = [.. sizes.Select(size => new HostileBenchmarks { Held = size })];
        Array.ForEach(held, benchmarks => benchmarks.Setup());
        var rows = Of("an object that cannot be decoded", "skipped", 4 * many, h => h.SkippedObject())
            .Concat(Of("a slice of an address that many slices claim", "claims", many, h => h.ContestedAddress()))
            .Concat(options.Thoroughness != Thoroughness.Full ? [] : Of(
                "a change of 20,000 ports of 1,000 endpoints", "other slices", 1, h => h.ManyPortsOfManyEndpoints()))
            .Concat(Of("the count of what is held", "objects", 20 * many, h => h.Retained()));
        foreach (var row in rows)
        {
            yield return row;
        }

        Array.ForEach(held, benchmarks => benchmarks.Cleanup());

        IEnumerable<ComparedRow> Of(string what, string of, int times, Func<HostileBenchmarks, object?> play) => Ratio(
            what, of, sizes, options, size => new Repeated(what, times * HostileBenchmarks.Events, () =>
            {
                for (var i = 0; i < times; i++)
                {
                    play(held[Array.IndexOf(sizes, size)]);
                }
            }));
    }

    private static IEnumerable<ComparedRow> Ratio(
        string what, string of, int[] sizes, CompareOptions options, Func<int, Contestant> create, Func<int, Contestant>? peer = null)
    {
        Contestant[] contestants = [.. sizes.Select(create), .. sizes.Where(_ => peer is not null).Select(size => peer!(size))];
        var measured = Turns.Measure(
            contestants, options.Pick(dry: 1, quick: 3, full: 5), TimeSpan.FromSeconds(options.Pick(dry: 0, quick: 0.2, full: 1)));
        for (var i = 0; i < sizes.Length; i++)
        {
            var workload = $"{what}, {sizes[i]:N0} {of}: processor time of one";
            var ours = measured[i].Time.Times(1000);
            yield return peer is null ? ComparedRow.AtMost(Area, workload, ours, "ns", null)
                : ComparedRow.Times(
                    Area, workload, ours, measured[sizes.Length + i].Time.Times(1000), "names that do not collide", "ns", 0);
        }

        yield return ComparedRow.AtMost(
            Area, $"{what}: time of one, {sizes[1]:N0} {of} ÷ {sizes[0]:N0} (flat: 1)", measured[1].Time.Least / measured[0].Time.Least, "",
            Flat) with
        {
            OursMedian = measured[1].Time.Median / measured[0].Time.Median,
        };
    }

    // The figures are of one line.
    private static Repeated Read(IEnumerable<string> lines, int many)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(lines));
        return new("Rx.Kube", many * body.Count((byte)'\n'), () =>
        {
            for (var i = 0; i < many; i++)
            {
                using var stream = new MemoryStream(body);
                JsonWatchLines.ReadAsync(
                    stream, WireLimits.Default.MaxObjectBytes, frame => frame.EndsWith("}}}"u8), CancellationToken.None).Wait();
            }
        });
    }

    // The figures are of one name: the first list of so many Services, each with a slice, a member and an address of its name.
    private static Repeated Fold(IReadOnlyList<string> names, int many)
    {
        var list = new WatchEvent<EndpointSlice>.Listed(
            [.. names.Select(name => Slice.Of(name, name, addressType: "FQDN").With(name, name))], "1");
        return new("Rx.Kube", many * names.Count, () =>
        {
            for (var i = 0; i < many; i++)
            {
                using var source = new Subject<WatchEvent<EndpointSlice>>();
                ClusterTopology? last = null;
                using var subscription = source.ToClusterTopology().Subscribe(topology => last = topology);
                source.OnNext(list);
                if (last?[new("default", names[^1])].Endpoints.Count != 1)
                {
                    throw new InvalidOperationException("A Service is missing.");
                }
            }
        });
    }
}
