using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Kit;
using Rx.Kube.Cli.Tests.Watching;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Output;

/// <summary>When each format prints; what it prints is in the golden files. A block of text is drawn as p.</summary>
public abstract class PrintContract : OperatorContract<ServiceTopology, string>
{
    protected abstract string Format { get; }

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-2-|", "p-p-p-|"), ("[12]-2", "[pp]-p")];

    protected override IObservable<string> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.Print(new ServiceName("default", "cache"), Enum.Parse<OutputFormat>(Format), new FakeHost().Host, LinePrinter.Plain);

    protected override ServiceTopology Value(char key) => Snapshots.Of(key);

    protected override char Key(string value) => value.EndsWith('\n') || value.Length == 0 ? 'p' : '?';
}

[ContractOf(typeof(Printing), nameof(Printing.Print))]
public sealed class PrintJsonContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Json);
}

[ContractOf(typeof(Printing), nameof(Printing.Print))]
public sealed class PrintTextContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Text);
}

[ContractOf(typeof(Printing), nameof(Printing.Print))]
public sealed class PrintTableContractTests : PrintContract
{
    protected override string Format => nameof(OutputFormat.Table);

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-1-2-|", "--p---p-|"), ("[12]-2", "[pp]")];
}
