using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Testing.Tests;

/// <summary>The key o stands for an accepted watch, l for a list.</summary>
public sealed class ScriptedWatchContractTests : StreamContract<WatchEvent<string>>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("watch", "o"), ("watch|", "[o|]"), ("watch --#gone", "--#"), ("watch --^-a[ab]-|", "--o-a[ab]-|"), ("watch a-#", "[oa]-#"),
        ("list", ""), ("list|", "|"), ("list --(l|)", "--(l|)"), ("list --#gone", "--#"),
    ];

    protected override IEnumerable<Func<object>> BadCalls => [() => Server("").List(null!), () => Server("").Watch((WatchOptions)null!)];

    protected override ContractStream<WatchEvent<string>> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var server = Server(source, clock);
        IObservable<WatchEvent<string>> result = source.StartsWith("list", StringComparison.Ordinal) ? server.List() : server.Watch("17");
        return new(result, () => server.Requests.Select(r => Asked(r.Frame, r.End)));
    }

    protected override char Key(WatchEvent<string> value) => value switch
    {
        WatchEvent<string>.Opened => 'o',
        WatchEvent<string>.Listed => 'l',
        _ => ((WatchEvent<string>.Added)value).Object[0],
    };

    private static ScriptedWatch<string> Server(string script, TestClock? clock = null)
    {
        var (lists, watches) = (script.Split("list")[1..], script.Split("watch")[1..]);
        return new(clock ?? new VirtualClock(), c => c == 'l' ? WatchEvents.Listed("17", "x") : WatchEvents.Added($"{c}", "18"))
        {
            Lists = [.. lists, .. lists],
            Connections = [.. watches, .. watches],
        };
    }
}
