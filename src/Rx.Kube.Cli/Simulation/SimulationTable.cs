using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Draws the results of all algorithms side by side.</summary>
internal static class SimulationTable
{
    private static readonly string[] _measures = ["MOVED", "IDEAL", "RATIO", "NEEDLESS", "PEAK"];

    /// <summary>Draws the results.</summary>
    /// <param name="results">The results.</param>
    /// <param name="settings">The settings of the simulation.</param>
    /// <param name="width">The width of the terminal.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(IReadOnlyList<SimulationResult> results, SimulateSettings settings, int width = int.MaxValue)
    {
        yield return new Line()
            .Add(Text($"{settings.Members.Length:N0} members, {settings.Keys:N0} keys, "))
            .Add($"{HumanFormat.Count(settings.Replicas, "replica")}, {HumanFormat.Count(settings.Tokens, "token")}; ")
            .Add(settings.Script is { } script
                ? $"{HumanFormat.Count(script.Length, "step")} of a script"
                : $"{HumanFormat.Count(settings.Steps, "random step")}, seed {settings.Seed}");
        yield return new Line();
        var all = new TextGrid(1, ["ALGORITHM", .. _measures, .. settings.HasCost ? ["LOOKUP", "CHANGE", "BYTES"] : Array.Empty<string>()]);
        foreach (var o in results)
        {
            string[] cost = o.Cost is { } c
                ? [Text($"{c.Lookup:0.0}ns"), c.Change is { } change ? Text($"{change:0.0}µs") : "-", Text($"{c.Bytes:N0}")]
                : [];
            all.Add(
                [o.Algorithm.Name, .. Measures(o.Moved, o.Ideal, o.Ratio, o.Needless, o.Peak), .. cost],
                o.RefusedSteps > 0 ? $"{HumanFormat.Count(o.RefusedSteps, "step")} not done" : "");
        }

        foreach (var line in all.Draw(width))
        {
            yield return line;
        }

        if (settings.Script is not { } steps)
        {
            yield break;
        }

        yield return new Line();
        var each = new TextGrid(2, ["STEP", "ALGORITHM", .. _measures]);
        foreach (var (index, step) in steps.Index())
        {
            foreach (var o in results)
            {
                string[] cells = [(step with { Member = EndpointFormat.Name(step.Member) }).ToString(), o.Algorithm.Name];
                var s = o.Steps[index];
                if (s.Refusal is { } refusal)
                {
                    each.Add(cells, "not done: " + TerminalText.Escape(refusal, 300));
                }
                else
                {
                    each.Add([.. cells, .. Measures(s.Moved, s.Ideal, s.Ratio, s.Needless, s.Peak)]);
                }
            }
        }

        foreach (var line in each.Draw(width))
        {
            yield return line;
        }
    }

    private static string[] Measures(long moved, double ideal, double? ratio, long needless, double peak) =>
    [
        Text($"{moved:N0}"), Text($"{ideal:N0}"), ratio is null ? "-" : Text($"{ratio:0.000}"), Text($"{needless:N0}"),
        Text($"{peak:0.000}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
