using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Formats a report as readable lines: for each Service, how many agree, and a line for each process.</summary>
internal static class AgreeText
{
    private const int MaxText = 1000;

    /// <summary>What follows a process on its line; with less room, the columns are not aligned.</summary>
    private const int MinText = 30;

    /// <summary>Formats the lines.</summary>
    /// <param name="report">The report.</param>
    /// <param name="host">The terminal, if there is one.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(AgreeReport report, CliHost host) =>
        Lines(report, host.Glyphs == Glyphs.Unicode, host.IsTerminal ? host.Size().Width : int.MaxValue).WrapFor(host, indent: 2);

    private static IEnumerable<Line> Lines(AgreeReport report, bool isUnicode, int room)
    {
        var width = report.Services.SelectMany(s => s.Verdicts).Select(v => v.Process).Concat(report.Silent.Select(a => a.Process))
            .Select(p => Safe($"{p}").Length).DefaultIfEmpty().Max();
        width = width + MinText > room ? 0 : width;
        foreach (var service in report.Services)
        {
            yield return Head(service);
            foreach (var verdict in service.Verdicts)
            {
                yield return new Line().Add(Sign(verdict, isUnicode), StyleOf(verdict)).Add(" ")
                    .Add(Safe($"{verdict.Process}").PadRight(width), Palette.Strong).Add("  ")
                    .Add(Freshness(verdict.Belief!), verdict.Belief!.Freshness == "live" ? Palette.Quiet : Palette.Warn)
                    .Add(verdict.Text.Length > 0 ? "  " + Safe(verdict.Text) : "", StyleOf(verdict));
            }
        }

        foreach (var silent in report.Silent)
        {
            yield return new Line().Add("?", Palette.Bad).Add(" ").Add(Safe($"{silent.Process}").PadRight(width), Palette.Strong).Add("  ")
                .Add(Safe(silent.Error!), Palette.Bad);
        }
    }

    private static Line Head(ServiceReport service)
    {
        var agreeing = service.Verdicts.Count(v => v.State == Agreement.Agrees);
        var name = $"{EndpointFormat.Name(service.Service.Namespace)}/{EndpointFormat.Name(service.Service.Name)}";
        var processes = service.Verdicts.Count == 1 ? "1 process" : $"{service.Verdicts.Count} processes";
        var with = service.Server is { } server
            ? $"agree with the API server, which is at version {server.Version}"
            : "agree with the newest of them (the API server cannot be asked)";
        return new Line().Add(name, Palette.Strong).Add($": {agreeing} of {processes} {Safe(with)}");
    }

    private static string Freshness(Belief belief) => belief.Freshness == "stale" && belief.Age is { } age
        ? $"stale for {HumanFormat.Span(age)}{(belief.Cause is { } cause ? $" ({Safe(cause)})" : "")}, version {Field(belief.Version)}"
        : belief.IsSynced ? $"{Safe(belief.Freshness)}, version {Field(belief.Version)}" : Safe(belief.Freshness);

    private static string Field(string text) => TerminalText.Field(text, MaxText);

    private static string Safe(string text) => TerminalText.Escape(text, MaxText);

    private static string Sign(Verdict verdict, bool isUnicode) => (verdict.State, isUnicode) switch
    {
        (Agreement.Agrees, _) when verdict.Belief!.Freshness != "live" => "!",
        (Agreement.Agrees, true) => "✓",
        (Agreement.Agrees, false) => "+",
        (Agreement.Syncing, _) => "-",
        (_, true) => "✗",
        (_, false) => "x",
    };

    private static Style StyleOf(Verdict verdict) => verdict.State switch
    {
        Agreement.Agrees => verdict.Belief!.Freshness == "live" ? Palette.Good : Palette.Warn,
        Agreement.Syncing => Palette.Quiet,
        _ => Palette.Bad,
    };
}
