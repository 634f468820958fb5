using System.Collections.Immutable;
using Xunit.Abstractions;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// Everything in a small scope: every sequence of five events over two objects, cut before and in each of them, at every class of byte
/// offset, in each way, with and without a compaction in the gap.
/// </summary>
public sealed class SmallScopeTests(ITestOutputHelper output)
{
    // Each event is 10 ms after the one before, so the cut is due right before its event, and the rest of the events fall into the gap.
    private static readonly ActionKind[] _events = [ActionKind.Put, ActionKind.Delete, ActionKind.Recreate];

    [Fact]
    public void Every_cut_of_every_five_events_leaves_the_stream_right()
    {
        var (played, failures) = (0, new List<string>());
        AllCores.ForEach(Histories(5), history =>
        {
            foreach (var schedule in Cuts(history))
            {
                var violations = Properties.Check(Player.Play(schedule)).FindAll(v => KnownDefects.Of(schedule, v) is null);
                Interlocked.Increment(ref played);
                if (violations.Count > 0)
                {
                    lock (failures)
                    {
                        failures.Add($"{schedule}\n{violations[0]}");
                    }
                }
            }
        });
        output.WriteLine($"{played} runs");
        Assert.True(failures.Count == 0, $"{failures.Count} of {played}:\n{string.Join('\n', failures.Take(5))}");
    }

    private static IEnumerable<ImmutableArray<FaultAction>> Histories(int events)
    {
        // Changes of a second object are what the first one's state must not depend on: one key per position, two in turn.
        var count = (int)Math.Pow(_events.Length, events);
        for (var number = 0; number < count; number++)
        {
            var rest = number;
            yield return
            [
                .. Enumerable.Range(0, events).Select(i =>
                {
                    var kind = _events[rest % _events.Length];
                    rest /= _events.Length;
                    return new FaultAction(2_000 + (i * 10), kind, i % 2 * 2);
                }),
            ];
        }
    }

    private static IEnumerable<Schedule> Cuts(ImmutableArray<FaultAction> history)
    {
        for (var at = 0; at < history.Length; at++)
        {
            for (var offset = 0; offset <= 4; offset++)
            {
                foreach (var how in new[] { ActionKind.Fin, ActionKind.Reset })
                {
                    // The compaction alternates with the other parameters, so that each of them meets it.
                    var cut = new FaultAction(history[at].At - 1, how, offset);
                    FaultAction[] compacted = (at + offset) % 2 == 0 ? [new(history[^1].At + 1, ActionKind.Compact, 0, offset % 2)] : [];
                    yield return new(new Setup { Objects = 2 }, [.. history.Append(cut).Concat(compacted).OrderBy(a => a.At)]);
                }
            }
        }
    }
}
