using System.Reactive.Linq;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Operators;

/// <summary>With 3 ms of quiet, and at most 8 ms.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Settle))]
public sealed class SettleContractTests : OperatorContract<char, char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a-b-c 20ms d 20ms |", "7ms c 20ms d 17ms |"),
        ("[ab]-c-|", "----(c|)"),
        ("abcdefghijklm 20ms", "8ms i 6ms m"),
        ("ab-|", "---(b|)"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<char>().Settle(TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(1)),
        () => Observable.Never<char>().Settle(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)),
        () => Observable.Never<char>().Settle(TimeSpan.FromSeconds(2), TimeSpan.MaxValue),
        () => Observable.Never<char>().Settle(TimeSpan.MaxValue, TimeSpan.MaxValue),
    ];

    protected override IObservable<char> Apply(IObservable<char> source, TestClock clock) =>
        source.Settle(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(8), clock);

    protected override char Value(char key) => key;

    protected override char Key(char value) => value;
}
