using System.Reactive.Subjects;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// What a lookup in the newest view costs while another thread makes rings of it, one change after the other, and publishes them. No
/// lookup waits for a change; what remains is that new pages are not in the caches, and that the changes are garbage.
/// </summary>
internal static class RingReaderComparison
{
    public static IEnumerable<ComparedRow> Rows(CompareOptions options, KeyHash[] keys)
    {
        foreach (var members in options.Pick<int[]>([10], [100, 1000], [100, 1000]))
        {
            var (quiet, changing) = Measure(members, keys, options);
            yield return ComparedRow.Times(
                "rings", $"lookup in the newest view while the ring changes, {members} members", changing, quiet, "no changes", "ns", 0.33);
        }
    }

    private static (Figures Quiet, Figures Changing) Measure(int members, KeyHash[] keys, CompareOptions options)
    {
        var ring = HashRing.Create(
            Enumerable.Range(0, members).Select(i => new RingMember($"cache-{i}")), member => member.Name);
        using var views = new Subject<RingView>();
        using var newest = views.ToCurrentValue();
        views.OnNext(new(ring, "1"));
        var (quiet, changing) = (new List<double>(), new List<double>());
        for (var round = -options.Pick(0, 5, 20); round < options.Pick(1, 5, 15); round++)
        {
            var alone = RingComparison.Time(() => Lookup(newest, keys));
            var (rings, mayEnd, last, newcomer) = (0, false, ring, new RingMember("newcomer"));
            var publisher = new Thread(() =>
            {
                for (; rings == 0 || !Volatile.Read(ref mayEnd); Volatile.Write(ref rings, rings + 1))
                {
                    last = rings % 2 == 0 ? last.With(newcomer) : last.Without(newcomer);
                    views.OnNext(new(last, "2"));
                }
            });
            publisher.Start();
            SpinWait.SpinUntil(() => Volatile.Read(ref rings) > 0);
            var beside = RingComparison.Time(() => Lookup(newest, keys));
            Volatile.Write(ref mayEnd, true);
            publisher.Join();
            if (round >= 0)
            {
                quiet.Add(alone.TotalNanoseconds / keys.Length);
                changing.Add(beside.TotalNanoseconds / keys.Length);
            }
        }

        return (new([.. quiet]), new([.. changing]));
    }

    private static void Lookup(CurrentValue<RingView> newest, KeyHash[] keys)
    {
        var found = 0;
        foreach (var key in keys)
        {
            found += newest.Required.Ring.TryGetOwner(key, out var owner) && owner is not null ? 1 : 0;
        }

        if (found != keys.Length)
        {
            throw new InvalidOperationException("A key has no owner.");
        }
    }
}
