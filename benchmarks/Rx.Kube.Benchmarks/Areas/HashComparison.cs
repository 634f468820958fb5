using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// How fast the fingerprint of bytes is that have not changed, which is most of what an event has, beside a search that reads each of them
/// once, as fast as the memory gives them. The figures are the greatest, the ratio says how much faster the search is.
/// </summary>
internal static class HashComparison
{
    private const string Area = "wire";
    private static readonly (string Name, int Length)[] Texts =
        [("an endpoint, 280 B", 280), ("the slice of W1, 28 KB", 28_000), ("more than the caches hold, 64 MiB", 64 << 20)];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        foreach (var (name, length) in Texts)
        {
            var bytes = new byte[length];
            Array.Fill(bytes, (byte)'x');
            var times = Math.Max(1, options.Pick(dry: 1 << 20, quick: 64 << 20, full: 256 << 20) / length);
            ulong sum = 0;
            var measured = Turns.Measure(
                [
                    new Repeated("hash", times * length, () => Repeat(times, () => sum += KeyedHash.Of(bytes))),
                    new Repeated("search", times * length, () => Repeat(times, () => sum += (ulong)bytes.AsSpan().IndexOf((byte)'y'))),
                ],
                options.Rounds, options.WarmUp);
            GC.KeepAlive(sum);
            var (hash, search) = (PerSecond(measured[0]), PerSecond(measured[1]));
            yield return new ComparedRow(
                Area, $"fingerprint of {name}", hash.Values.Max(), search.Values.Max(), "GB/s", search.Values.Max() / hash.Values.Max(),
                "none", true)
            {
                OursMedian = hash.Median,
                PeerMedian = search.Median,
                PeerName = "a search for one byte",
            };
        }
    }

    // A microsecond a byte is a megabyte a second.
    private static Figures PerSecond(Measured measured) => new([.. measured.Time.Values.Select(us => 1e-3 / us)]);

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }
}
