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

    /// <summary>Draws the ring.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The lines, each at most as wide as the viewport. Their number is the height of the viewport if it has one.</returns>
    public static IReadOnlyList<Line> Draw(RingState state, DateTimeOffset now, Viewport view) => Frame.Compose(
        HeaderView.Draw(state.Service, state.Snapshot?.Topology, new Line(), _ => Summary(state, view), now, view),
        room => Rows(state, room ?? int.MaxValue, now, view), state.Log, view);

    private static Line Summary(RingState state, Viewport view)
    {
        var ring = state.Snapshot!.Ring!;
        var peak = state.Shares.IsEmpty ? 0 : state.Shares.Max(s => s.Share / s.Ideal);
        return new Line()
            .Add(ring.Members.Length.ToString(CultureInfo.InvariantCulture), Palette.Strong)
            .Add(ring.Members.Length == 1 ? " member" : " members").Add(RingFormat.NoneReady(state.Snapshot.Topology), Palette.Warn)
            .Add($" {view.Glyphs.Dot} {ring.Layout} {view.Glyphs.Dot} fingerprint ", Palette.Quiet).Add(RingJson.Hash(ring.Fingerprint))
            .Add(string.Create(CultureInfo.InvariantCulture, $" {view.Glyphs.Dot} peak {peak:0.00}"), Palette.Quiet);
    }

    private static IEnumerable<Line> Rows(RingState state, int room, DateTimeOffset now, Viewport view)
    {
        if (state.Shares.IsEmpty)
        {
            yield return new Line();
            foreach (var line in TableView.Nothing(state.Snapshot?.Topology, state.Hint))
            {
                yield return line;
            }

            yield break;
        }

        var shown = Choose(state, room, now);
        var names = Math.Clamp(shown.Max(s => EndpointFormat.Name(s.Member.Name).GetCellWidth()), "MEMBER".Length, MaxName);
        var zones = Math.Clamp(shown.Max(s => RingFormat.Zone(s.Member.Zone).GetCellWidth()), "ZONE".Length, MaxName);
        var full = state.Shares.Max(s => Math.Max(s.Share, s.Ideal));
        var isStale = state.Snapshot is { Topology.Freshness.IsLive: false };
        var heading = new Line().Add("  MEMBER", Palette.Strong).PadTo(2 + names)
            .Add("   SHARE   IDEAL  TOKENS  ZONE", Palette.Strong).PadTo(2 + names + 26 + zones);
        yield return heading;
        foreach (var share in shown)
        {
            var isNew = IsFresh(state, share, now);
            var line = new Line().Add(isNew ? "+ " : "  ", Palette.Added)
                .Add(TextTruncation.Middle(EndpointFormat.Name(share.Member.Name), names), isNew ? Palette.Added : Palette.Plain)
                .PadTo(2 + names)
                .Add(RingFormat.Percent(share.Share).PadLeft(8))
                .Add(RingFormat.Percent(share.Ideal).PadLeft(8), Palette.Quiet)
                .Add(state.Settings.Tokens.ToString(CultureInfo.InvariantCulture).PadLeft(8), Palette.Quiet)
                .Add("  ").Add(TextTruncation.End(RingFormat.Zone(share.Member.Zone), zones), Palette.Quiet).PadTo(heading.Width).Add("  ");
            line.Add(RingFormat.Bar(share.Share, share.Ideal, full, Math.Min(MaxBar, view.Width - line.Width), view.Glyphs));
            yield return isStale ? line.Dim() : line;
        }

        if (shown.Count < state.Shares.Length)
        {
            yield return new Line().Add(
                string.Create(CultureInfo.InvariantCulture, $"  … and {state.Shares.Length - shown.Count} more"), Palette.Quiet);
        }
    }

    /// <summary>Chooses the rows that fit: members that joined recently first, shown in the order of the members.</summary>
    private static List<MemberShare<RingMember>> Choose(RingState state, int room, DateTimeOffset now) => state.Shares.Length <= room
        ? [.. state.Shares]
        : [.. state.Shares.Index().OrderBy(s => IsFresh(state, s.Item, now) ? 0 : 1).ThenBy(s => s.Index)
            .Take(Math.Max(1, room - 1)).OrderBy(s => s.Index).Select(s => s.Item)];

    private static bool IsFresh(RingState state, MemberShare<RingMember> share, DateTimeOffset now) =>
        state.Joined.TryGetValue(share.Member.Name, out var at) && now - at < TableState.Linger;
}
