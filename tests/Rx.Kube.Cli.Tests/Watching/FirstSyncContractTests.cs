using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Watching;

/// <summary>Draws a snapshot as the number of its members, or as s while it is syncing.</summary>
[ContractOf(typeof(FirstSync), nameof(FirstSync.FirstSyncWithin))]
public sealed class FirstSyncContractTests : OperatorContract<ServiceTopology, ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("s-1-2 20ms 1-|", "s-1-2 20ms 1-|"),
        ("[s1]-2 20ms s", "[s1]-2 20ms s"),
        ("s-s", "s-s-------#"),
        ("s-|", "s-|"),
    ];

    protected override MarbleErrors? Errors => null;

    protected override (string Never, string Empty) Quiet => ("10ms #", "|");

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.FirstSyncWithin(TimeSpan.FromMilliseconds(10), clock, (timeout, cause) => new(timeout, cause));

    protected override ServiceTopology Value(char key) => MarbleSnapshots.Of(key);

    protected override char Key(ServiceTopology value) => MarbleSnapshots.KeyOf(value);
}
