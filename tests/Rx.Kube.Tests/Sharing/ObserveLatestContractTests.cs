using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Sharing;

/// <summary>What arrives in one frame arrives before the subscriber is called.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ObserveLatest))]
public sealed class ObserveLatestContractTests : OperatorContract<char, char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a-b--c|", "a-b--c|"),
        ("-[abc]-[d|]", "-c-[d|]"),
        ("-[ab]-[c#]", "-b-#"),
    ];

    protected override IObservable<char> Apply(IObservable<char> source, TestClock clock) => source.ObserveLatest(clock);

    protected override char Value(char key) => key;

    protected override char Key(char value) => value;
}
