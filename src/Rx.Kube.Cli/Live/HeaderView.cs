using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws the lines above the table: the Service, its freshness, the counts, and the cause while it is not live.</summary>
internal static class HeaderView
{
    private static readonly TimeSpan _longStale = TimeSpan.FromSeconds(10);

    /// <summary>Draws the header.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>Three lines.</returns>
    public static IEnumerable<Line> Draw(TableState state, DateTimeOffset now, Viewport view)
    {
        var ports = new Line();
        if (state.SamePorts is { } endpoint)
        {
            ports.Add($" {view.Glyphs.Dot} ", Palette.Quiet).Add(EndpointFormat.Ports(endpoint, " "));
        }

        return Draw(state.Service, state.Snapshot, ports, snapshot => Counts(snapshot, view), now, view);
    }

    /// <summary>Draws a header.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="snapshot">The last snapshot; null before the first.</param>
    /// <param name="more">The text after the name and the version.</param>
    /// <param name="summary">Draws the second line of a complete snapshot.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>Three lines.</returns>
    public static IEnumerable<Line> Draw(
        ServiceName service, ServiceTopology? snapshot, Line more, Func<ServiceTopology, Line> summary, DateTimeOffset now, Viewport view)
    {
        yield return Title(service, snapshot, more, now, view);
        yield return snapshot switch
        {
            { Freshness: Freshness.Live } live => summary(live),
            { Freshness: Freshness.Stale } stale => summary(stale).Dim(),
            _ => new Line(),
        };
        yield return Rule(snapshot, now, view);
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
        var (ready, terminating, serving) = (snapshot.Ready.Count, 0, 0);
        foreach (var endpoint in snapshot.Endpoints)
        {
            terminating += endpoint.Terminating ? 1 : 0;
            serving += endpoint.Serving ? 1 : 0;
        }

        var notReady = snapshot.Endpoints.Count(e => !e.Ready && !e.Terminating);
        var line = new Line();
        Count(ready, "ready", view.Glyphs.Ready, Palette.Good);
        Count(terminating, "terminating", view.Glyphs.Terminating, Palette.Warn);
        Count(notReady, "not ready", view.Glyphs.NotReady, Palette.Bad);
        return line.Add(string.Create(CultureInfo.InvariantCulture, $"{serving} serving of {snapshot.Endpoints.Count}"))
            .Add(snapshot.Skipped.IsEmpty ? "" : $"  {HumanFormat.Count(snapshot.Skipped.Length, "object")} skipped", Palette.Warn);

        void Count(int count, string what, string glyph, Style style) => line
            .Add($"{glyph} ", count > 0 ? style : Palette.Quiet)
            .Add(count.ToString(CultureInfo.InvariantCulture), count > 0 ? Palette.Strong : Palette.Quiet)
            .Add($" {what}   ", count > 0 ? Palette.Plain : Palette.Quiet);
    }

    private static Line Rule(ServiceTopology? snapshot, DateTimeOffset now, Viewport view)
    {
        var rule = view.Glyphs.Rule;
        if (snapshot?.Freshness.Interruption() is not { } interruption)
        {
            return new Line().PadTo(view.Width, Palette.Quiet, rule);
        }

        // The cause is truncated, so that the countdown always fits.
        var retry = $"; next attempt {HumanFormat.Wait(interruption.RetryDue - now)} ";
        var cause = TextTruncation.End(TextLines.Message(interruption), view.Width - retry.Length - 6);
        return new Line().Add($"{rule}{rule} ", Palette.Bad).Add(cause, Palette.Bad).Add(retry, Palette.Quiet)
            .PadTo(view.Width, Palette.Bad, rule);
    }
}
