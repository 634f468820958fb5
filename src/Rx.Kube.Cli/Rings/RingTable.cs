using System.Globalization;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Rings;

/// <summary>Draws a ring at a given time: a pure function of both.</summary>
internal static class RingTable
{
    private const int MaxName = 40;
    private const int MaxBar = 60;

    /// <summary>A shorter bar shows nothing.</summary>
    private const int MinBar = 4;

    /// <summary>Draws the ring.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The picture; none at the end if there was no complete snapshot.</returns>
    public static Picture Draw(RingState state, DateTimeOffset now, Viewport view)
    {
        var topology = state.Snapshot?.Topology;
        if (view.IsLast && topology is not { Freshness.IsSynced: true })
        {
            return Picture.None;
        }

        var (rows, filter) = view.Select(state.Shares, state.Shares, "", _ => null, share => Text(state, share));
        return Frame.Compose(
            HeaderView.Draw(state.Service, topology, new Line(), _ => Summary(state, view), filter, now, view),
            room => rows.Count > 0 ? Rows(state, rows, room, now, view)
                : new TableRows([new Line(), .. TableView.Nothing(topology, state.Hint, state.Shares.Length)], Extent.None),
            LogView.Merge(state.Log, view.Notes, now), view);
    }

    private static string Text(RingState state, MemberShare<RingMember> share) => string.Join(
        "  ", EndpointFormat.Name(share.Member.Name), RingFormat.Percent(share.Share), RingFormat.Percent(share.Ideal),
        state.Settings.Tokens.ToString(CultureInfo.InvariantCulture), RingFormat.Zone(share.Member.Zone));

    private static Line Summary(RingState state, Viewport view)
    {
        var ring = state.Snapshot!.Ring!;
        var whole = Text(isWhole: true);
        return whole.Width <= view.Width ? whole : Text(isWhole: false);

        Line Text(bool isWhole) => new Line()
            .Add(ring.Members.Length.ToString(CultureInfo.InvariantCulture), Palette.Strong)
            .Add(ring.Members.Length == 1 ? " member" : " members").Add(RingFormat.NoneReady(state.Snapshot.Topology), Palette.Warn)
            .Add(isWhole ? $" {view.Glyphs.Dot} {ring.Layout} {view.Glyphs.Dot} fingerprint " : $" {view.Glyphs.Dot} ", Palette.Quiet)
            .Add(RingJson.Hash(ring.Fingerprint))
            .Add(string.Create(CultureInfo.InvariantCulture, $" {view.Glyphs.Dot} peak {state.Extremes.Peak:0.00}"), Palette.Quiet);
    }

    private static TableRows Rows(
        RingState state, IReadOnlyList<MemberShare<RingMember>> rows, int? room, DateTimeOffset now, Viewport view)
    {
        var joined = state.Joined.Where(m => now - m.Value < TableState.Linger).Select(m => m.Key).Order(StringComparer.Ordinal);
        var window = RowWindow<MemberShare<RingMember>>.Of(rows, room, view.Browse.Top, share => share.Member.Name, joined);
        return window.Draw(Lines(state, window.Shown, now, view));
    }

    private static IEnumerable<Line> Lines(
        RingState state, IReadOnlyList<MemberShare<RingMember>> shown, DateTimeOffset now, Viewport view)
    {
        // Columns keep their places while the user scrolls.
        var names = Math.Clamp(state.Extremes.MemberWidth, "MEMBER".Length, MaxName);
        var zones = Math.Clamp(state.Extremes.ZoneWidth, "ZONE".Length, MaxName);
        var full = state.Extremes.Largest;
        var isStale = state.Snapshot is { Topology.Freshness.IsLive: false };
        var hasTokens = names + zones + 28 <= view.Width; // equal in all rows, and part of the summary
        var heading = new Line().Add("  MEMBER", Palette.Strong).PadTo(2 + names)
            .Add($"   SHARE   IDEAL{(hasTokens ? "  TOKENS" : "")}  ZONE", Palette.Strong).PadTo(2 + names + (hasTokens ? 26 : 18) + zones);
        yield return heading;
        foreach (var share in shown)
        {
            var isNew = IsFresh(state, share, now);
            var line = new Line().Add(isNew ? "+ " : "  ", Palette.Added)
                .Add(TextTruncation.Middle(EndpointFormat.Name(share.Member.Name), names), isNew ? Palette.Added : Palette.Plain)
                .PadTo(2 + names)
                .Add(RingFormat.Percent(share.Share).PadLeft(8))
                .Add(RingFormat.Percent(share.Ideal).PadLeft(8), Palette.Quiet)
                .Add(hasTokens ? state.Settings.Tokens.ToString(CultureInfo.InvariantCulture).PadLeft(8) : "", Palette.Quiet)
                .Add("  ").Add(TextTruncation.End(RingFormat.Zone(share.Member.Zone), zones), Palette.Quiet).PadTo(heading.Width);
            var room = view.Width - line.Width - 2;
            if (room >= MinBar)
            {
                line.Add("  ").Add(RingFormat.Bar(share.Share, share.Ideal, full, Math.Min(MaxBar, room), view.Glyphs));
            }

            yield return isStale ? line.Dim() : line;
        }
    }

    private static bool IsFresh(RingState state, MemberShare<RingMember> share, DateTimeOffset now) =>
        state.Joined.TryGetValue(share.Member.Name, out var at) && now - at < TableState.Linger;
}
