using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Cli.Tests.Rings;

/// <summary>Draws a ring as the number of its members, or as s before the first complete list.</summary>
[ContractOf(typeof(RingSnapshots), nameof(RingSnapshots.WithRings))]
public sealed class WithRingsContractTests : OperatorContract<ServiceTopology, char>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-1-2-1-|", "s-1-2-1-|"), ("[12]-0-3", "[12]-0-3"), ("1-s-2", "1-s-2")];

    protected override IObservable<char> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WithRings(RingLayout.Native(4)).Select(s => s.Ring is { } ring ? (char)('0' + ring.Members.Length) : 's');

    protected override ServiceTopology Value(char key) => MarbleSnapshots.Of(key);

    protected override char Key(char value) => value;
}

/// <summary>Specifies when each format prints; the golden files have the text. A block of text is drawn as p.</summary>
public abstract class PrintRingsContract : OperatorContract<ServiceTopology, string>
{
    protected abstract string Format { get; }

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-1-2-|", "--p---p-|"), ("[12]-2", "[pp]")];

    protected override IObservable<string> Apply(IObservable<ServiceTopology> source, TestClock clock)
    {
        var settings = new RingSettings(new WatchSettings("cache"), 1, 4, null);
        var context = new WatchContext(
            source, new ServiceName("default", "cache"), "", Enum.Parse<OutputFormat>(Format), LinePrinter.Plain, new FakeHost().Host);
        return source.WithRings(settings.Layout).Print(settings, context).Select(b => b.ToString());
    }

    protected override ServiceTopology Value(char key) => MarbleSnapshots.Of(key);

    protected override char Key(string value) => value.EndsWith('\n') ? 'p' : '?';
}

[ContractOf(typeof(RingPrinting), nameof(RingPrinting.Print))]
public sealed class PrintRingsJsonContractTests : PrintRingsContract
{
    protected override string Format => nameof(OutputFormat.Json);
}

[ContractOf(typeof(RingPrinting), nameof(RingPrinting.Print))]
public sealed class PrintRingsTextContractTests : PrintRingsContract
{
    protected override string Format => nameof(OutputFormat.Text);
}

[ContractOf(typeof(RingPrinting), nameof(RingPrinting.Print))]
public sealed class PrintRingsTableContractTests : PrintRingsContract
{
    protected override string Format => nameof(OutputFormat.Table);
}
