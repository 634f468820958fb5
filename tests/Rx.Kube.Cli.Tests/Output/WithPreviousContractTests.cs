using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Output;

/// <summary>Draws the first snapshot as a, a snapshot with more members than the previous one as b, any other as c.</summary>
[ContractOf(typeof(SnapshotPrinting), nameof(SnapshotPrinting.WithPrevious))]
public sealed class WithPreviousContractTests : OperatorContract<ServiceTopology, char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("1-2-1-|", "a-b-c-|"), ("[12]-2", "[ab]-c"), ("1-#", "a-#")];

    protected override IObservable<char> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WithPrevious((now, before) => before is null ? 'a' : now.Members.Count > before.Members.Count ? 'b' : 'c');

    protected override IEnumerable<(string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<char>> Apply)>
        Throwing(Exception mine) => [("--1-2", "--#", (source, _) => source.WithPrevious<ServiceTopology, char>((_, _) => throw mine))];

    protected override ServiceTopology Value(char key) => MarbleSnapshots.Of(key);

    protected override char Key(char value) => value;
}
