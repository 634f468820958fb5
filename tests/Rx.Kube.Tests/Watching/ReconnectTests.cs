using System.Reactive.Linq;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Watching;

/// <summary>With waits of 3, 6 and 8 ms, up to the third value.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Reconnect))]
public sealed class ReconnectContractTests : StreamContract<char>
{
    internal static readonly Backoff Waits = new()
    {
        Initial = TimeSpan.FromMilliseconds(3),
        Max = TimeSpan.FromMilliseconds(8),
        ResetAfter = TimeSpan.FromMilliseconds(20),
    };

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a|", "a 3ms a 6ms (a|)"),
        ("a#", "a 3ms a 6ms (a|)"),
        ("--a 20ms |", "--a 25ms a 25ms (a|)"),
        ("(ab)--|", "(ab)-----(a|)"),
        ("ab(cd)", "ab(c|)"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        () => ((IObservable<char>)null!).Reconnect(),
        () => Observable.Never<char>().Reconnect(new Backoff { Initial = TimeSpan.FromHours(1) }),
    ];

    protected override ContractStream<char> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var cold = clock.Cold(source);
        var result = cold.ValidateGrammar(grammar).Reconnect(Waits, random: RandomSource.Constant(0), scheduler: clock).Take(3);
        return new(result, () => cold.Subscriptions);
    }

    protected override char Key(char value) => value;
}

public sealed class ReconnectTests
{
    [Fact]
    public void A_fatal_error_ends_the_stream()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("a-#");

        clock.Expect(source.Reconnect(isFatal: _ => true, scheduler: clock)).ToBe("a-#");
    }
}
