using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws the lines above the table: the Service, its freshness, the counts, and the cause while it is not live, wrapped.</summary>
internal static class HeaderView
{
    private const int Indent = 3;
    private const string Remedy = "To fix:";

    /// <summary>The width of the longest usual countdown.</summary>
    private const int CountdownWidth = 24;

    /// <summary>The lines that a cause leaves to the title, the counts and the beginning of the table.</summary>
    private const int LinesBelow = 8;

    private static readonly TimeSpan _longStale = TimeSpan.FromSeconds(10);

    /// <summary>Draws the header.</summary>
    /// <param name="state">The state.</param>
    /// <param name="filter">The line that describes the filter; null without one.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>Three lines; more when the filter or the cause needs them.</returns>
    public static IEnumerable<Line> Draw(TableState state, Line? filter, DateTimeOffset now, Viewport view)
    {
        var ports = new Line();
        if (state.SamePorts is { } endpoint)
        {
            ports.Add($" {view.Glyphs.Dot} ", Palette.Quiet).Add(EndpointFormat.Ports(endpoint, " "));
        }

        return Draw(state.Service, state.Snapshot, ports, snapshot => Counts(snapshot, view), filter, now, view);
    }

    /// <summary>Draws a header.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="snapshot">The last snapshot; null before the first.</param>
    /// <param name="more">The text after the name and the version.</param>
    /// <param name="summary">Draws the second line of a complete snapshot.</param>
    /// <param name="filter">The line that describes the filter; null without one.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>Three lines; more when the filter or the cause needs them.</returns>
    public static IEnumerable<Line> Draw(
        ServiceName service, ServiceTopology? snapshot, Line more, Func<ServiceTopology, Line> summary, Line? filter, DateTimeOffset now,
        Viewport view)
    {
        yield return Title(service, snapshot, more, now, view);
        yield return snapshot switch
        {
            { Freshness: Freshness.Live } live => summary(live),
            { Freshness: Freshness.Stale } stale => summary(stale).Dim(),
            _ => new Line(),
        };
        if (filter is not null)
        {
            yield return filter;
        }

        foreach (var line in Rule(snapshot, now, filter is null ? view : view with { Height = view.Height - 1 }))
        {
            yield return line;
        }
    }

    private static Line Title(ServiceName service, ServiceTopology? snapshot, Line more, DateTimeOffset now, Viewport view)
    {
        var badge = Badge(snapshot?.Freshness, now, view);
        var name = new Line().Add(EndpointFormat.Name(service.Name), Palette.Strong)
            .Add(" in ", Palette.Quiet).Add(EndpointFormat.Name(service.Namespace));
        if (snapshot is { Version.Length: > 0 })
        {
            name.Add($" {view.Glyphs.Dot} version ", Palette.Quiet).Add(EndpointFormat.Name(snapshot.Version));
        }

        var room = view.Width - badge.Width;
        return name.Add(more).Fit(room - 1).PadTo(room).Add(badge);
    }

    private static Line Badge(Freshness? freshness, DateTimeOffset now, Viewport view)
    {
        switch (freshness)
        {
            case Freshness.Live:
                return new Line().Add($" {view.Glyphs.Ready} LIVE ", Palette.LiveBadge);
            case Freshness.Stale stale:
                var age = now - stale.Interruption.Since;
                return new Line().Add(
                    $" {view.Glyphs.NotReady} STALE for {HumanFormat.Span(age)} ",
                    age < _longStale ? Palette.LateBadge : Palette.StaleBadge);
            default:
                return new Line().Add($" {view.Glyphs.Terminating} SYNCING ", Palette.SyncingBadge);
        }
    }

    private static Line Counts(ServiceTopology snapshot, Viewport view)
    {
        var (ready, terminating, serving, held) = (snapshot.Ready.Count, 0, 0, 0);
        foreach (var endpoint in snapshot.Endpoints)
        {
            held += endpoint.IsHeld ? 1 : 0;
            terminating += endpoint.Terminating && !endpoint.IsHeld ? 1 : 0;
            serving += endpoint.Serving ? 1 : 0;
        }

        var notReady = snapshot.Endpoints.Count(e => !e.Ready && !e.Terminating);
        var whole = Text(hasZeros: true);
        return whole.Width <= view.Width ? whole : Text(hasZeros: false);

        Line Text(bool hasZeros)
        {
            var line = new Line();
            Count(line, ready, "ready", view.Glyphs.Ready, Palette.Good);
            if (hasZeros || terminating > 0)
            {
                Count(line, terminating, "terminating", view.Glyphs.Terminating, Palette.Warn);
            }

            if (hasZeros || notReady > 0)
            {
                Count(line, notReady, "not ready", view.Glyphs.NotReady, Palette.Bad);
            }

            return line.Add(string.Create(CultureInfo.InvariantCulture, $"{serving} serving of {snapshot.Endpoints.Count}"))
                .Add(held == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  {held} held"), Palette.Warn)
                .Add(snapshot.Skipped.IsEmpty ? "" : $"  {HumanFormat.Count(snapshot.Skipped.Length, "object")} skipped", Palette.Warn);
        }

        static void Count(Line line, int count, string what, string glyph, Style style) => line
            .Add($"{glyph} ", count > 0 ? style : Palette.Quiet)
            .Add(count.ToString(CultureInfo.InvariantCulture), count > 0 ? Palette.Strong : Palette.Quiet)
            .Add($" {what}   ", count > 0 ? Palette.Plain : Palette.Quiet);
    }

    private static IEnumerable<Line> Rule(ServiceTopology? snapshot, DateTimeOffset now, Viewport view)
    {
        var rule = view.Glyphs.Rule;
        if (snapshot?.Freshness.Cause is not { } interruption)
        {
            yield return new Line().PadTo(view.Width, Palette.Quiet, rule);
            yield break;
        }

        var lines = Cause(TextLines.Message(interruption), view);
        foreach (var (index, text) in lines.Index())
        {
            var line = index == 0 ? new Line().Add($"{rule}{rule} ", Palette.Bad) : new Line().PadTo(Indent);
            line.Add(text, Palette.Bad);
            if (index == lines.Count - 1)
            {
                line.Add(text.Length == 0 ? "" : "; ", Palette.Quiet)
                    .Add($"next attempt {HumanFormat.Wait(interruption.RetryDue - now)} ", Palette.Quiet)
                    .PadTo(view.Width, Palette.Bad, rule);
            }

            yield return line;
        }
    }

    /// <summary>
    /// Wraps a cause; the countdown fits behind the last line. If there is no room for all of it, the text before the remedy is
    /// shortened: the remedy stays whole.
    /// </summary>
    private static List<string> Cause(string message, Viewport view)
    {
        var width = Math.Max(1, view.Width - Indent - 1);
        var room = view.Height is { } height ? Math.Max(1, height - LinesBelow) : int.MaxValue;
        var split = message.IndexOf(Remedy, StringComparison.Ordinal);
        var (cause, remedy) = split < 0 ? (message, "") : (message[..split].TrimEnd(), " " + message[split..]);
        var lines = Wrap(cause + remedy);
        for (var cells = cause.GetCellWidth() - 1; lines.Count > room && cells > 0; cells -= Math.Max(1, width / 4))
        {
            lines = Wrap(TextTruncation.End(cause, cells) + remedy);
        }

        return lines;

        List<string> Wrap(string text)
        {
            var all = TextWrapping.Wrap(text, width);
            if (all[^1].GetCellWidth() + CountdownWidth > width)
            {
                all.Add("");
            }

            return all;
        }
    }
}
