using System.Reactive.Linq;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Watching;

/// <summary>
/// A source is what the server answers, in order: lists and connections of a <see cref="ScriptedWatch{T}"/>. i is an interruption, R the
/// end of one; the rest is what the server said.
/// </summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Resume))]
public sealed class ResumeContractTests : StreamContract<WatchEvent<string>>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("", ""),
        ("list --(l|), watch a-b", "--[la]-b"),
        ("list (l|), watch a-#, watch --^-b", "[la]-----b"),
        ("list (l|), watch ^-#, watch --^-b", "l 805ms b"),
        ("list (l|), watch ^-#, watch #, watch --^-b", "l 801ms i 1603ms [Rb]"),
        ("list (l|), watch ^ 1999ms |, watch #forbidden, watch b", "l 1999ms i 799ms [Rb]"),
        ("list (l|), watch ^ 2s |, watch 1500ms ^", "l 3000ms i 1499ms R"),
        ("list (l|), watch a 2s |, watch (bc)", "[la] 2000ms [bc]"),
        ("list (l|), watch a 2s |, watch #gone, list --(m|), watch z", "[la] 2000ms --[lz]"),
        ("list (l|), watch a 2s |, watch #gone, list 2s (m|), watch z", "[la] 3000ms i 999ms [lz]"),
        ("list #, list --(l|), watch", "802ms l"),
        ("list #, list 300ms (l|), watch", "1000ms i 99ms l"),
        ("list #, list #, list --(l|), watch", "800ms i 1601ms l"),
        ("list --#forbidden", "--#forbidden"),
        ("list (l|), watch --#forbidden", "l-#forbidden"),
        ("list (l|), watch B 2s |, watch --^", "[lB]"),
    ];

    protected override MarbleErrors? Errors => MarbleErrors.Kubernetes;

    protected override IEnumerable<Func<object>> BadCalls => [() => ((IWatchable<string>)null!).Resume()];

    protected override ContractStream<WatchEvent<string>> Make(string source, TestClock clock, GrammarLog grammar)
    {
        string[] answers = [.. source.Split(", "), .. source.Split(", ")];
        var server = new ScriptedWatch<string>(clock, Event)
        {
            Lists = [.. answers.Where(a => a.StartsWith("list", StringComparison.Ordinal)).Select(a => a[4..])],
            Connections = [.. answers.Where(a => a.StartsWith("watch", StringComparison.Ordinal)).Select(a => a[5..])],
        };
        return new(
            server.ValidateGrammar(grammar).Resume(ResumeRun.NoJitter, clock), () => server.Requests.Select(r => Asked(r.Frame, r.End)));
    }

    protected override char Key(WatchEvent<string> value) => value switch
    {
        WatchEvent<string>.Listed => 'l',
        WatchEvent<string>.Added added => added.Object[0],
        WatchEvent<string>.Bookmark => 'B',
        WatchEvent<string>.Interrupted => 'i',
        WatchEvent<string>.Resumed => 'R',
        _ => '?',
    };

    private static WatchEvent<string> Event(char key) => key switch
    {
        'l' => WatchEvents.Listed("17", "x"),
        'm' => WatchEvents.Listed("30", "x"),
        'B' => WatchEvents.Bookmark<string>("25"),
        _ => WatchEvents.Added($"{key}", $"{18 + key - 'a'}"),
    };
}
