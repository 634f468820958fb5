using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Tests.Watching;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Output;

/// <summary>Drawn as a for the first snapshot, b when somebody has joined since the one before, c when not.</summary>
[ContractOf(typeof(Printing), nameof(Printing.WithPrevious))]
public sealed class WithPreviousContractTests : OperatorContract<ServiceTopology, char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => [("1-2-1-|", "a-b-c-|"), ("[12]-2", "[ab]-c"), ("1-#", "a-#")];

    protected override IObservable<char> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WithPrevious((now, before) => before is null ? 'a' : now.Members.Count > before.Members.Count ? 'b' : 'c');

    protected override IEnumerable<(string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<char>> Apply)> Throwing(
        Exception mine) => [("--1-2", "--#", (source, _) => source.WithPrevious<ServiceTopology, char>((_, _) => throw mine))];

    protected override ServiceTopology Value(char key) => Snapshots.Of(key);

    protected override char Key(char value) => value;
}
