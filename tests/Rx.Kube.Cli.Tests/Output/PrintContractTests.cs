using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Output;

/// <summary>Specifies when each format prints; the golden files have the text. A block of text is drawn as p.</summary>
public abstract class PrintContract : OperatorContract<ServiceTopology, string>
{
    protected abstract string Format { get; }

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-2-|", "p-p-p-|"), ("[12]-2", "[pp]-p")];

    protected override IObservable<string> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.Print(new ServiceName("default", "cache"), Enum.Parse<OutputFormat>(Format), new FakeHost().Host, LinePrinter.Plain)
            .Select(b => b.ToString());

    protected override ServiceTopology Value(char key) => MarbleSnapshots.Of(key);

    protected override char Key(string value) => value.EndsWith('\n') || value.Length == 0 ? 'p' : '?';
}

[ContractOf(typeof(SnapshotPrinting), nameof(SnapshotPrinting.Print))]
public sealed class PrintJsonContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Json);
}

[ContractOf(typeof(SnapshotPrinting), nameof(SnapshotPrinting.Print))]
public sealed class PrintTextContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Text);
}

[ContractOf(typeof(SnapshotPrinting), nameof(SnapshotPrinting.Print))]
public sealed class PrintTableContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Table);

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-1-2-|", "--p---p-|"), ("[12]-2", "[pp]")];
}
