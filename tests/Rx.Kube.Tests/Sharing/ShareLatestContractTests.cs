using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Sharing;

/// <summary>A single subscriber sees a cold stream; <see cref="ShareLatestTests"/> tests several subscribers.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ShareLatest))]
public sealed class ShareLatestContractTests : StreamContract<char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a-b--c|", "a-b--c|"),
        ("-[abb]-[c#]", "-[abb]-[c#]"),
        ("-#", "-#"),
        ("|", "|"),
        ("---", ""),
    ];

    protected override IEnumerable<Func<object>> BadCalls => [() => KubeObservable.ShareLatest<char>(null!)];

    protected override ContractStream<char> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var values = clock.Cold(source);
        return new(values.ValidateGrammar(grammar, "the source").ShareLatest(clock.Rethrow), () => values.Subscriptions);
    }

    protected override char Key(char value) => value;
}

/// <summary>With subscribers that are called on the clock: what arrives in one frame arrives before them.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ShareLatest))]
public sealed class ScheduledShareLatestContractTests : StreamContract<char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a-b--c|", "a-b--c|"),
        ("-[abc]-[d|]", "-c-[d|]"),
        ("-[ab]-[c#]", "-b-#"),
        ("---", ""),
    ];

    protected override IEnumerable<Func<object>> BadCalls => [() => KubeObservable.ShareLatest<char>(null!, observeOn: new VirtualClock())];

    protected override ContractStream<char> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var values = clock.Cold(source);
        return new(values.ValidateGrammar(grammar, "the source").ShareLatest(clock.Rethrow, clock), () => values.Subscriptions);
    }

    protected override char Key(char value) => value;
}
