using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws a state at a given time: a pure function of both.</summary>
internal static class TableView
{
    private const int MaxMeasured = 1_000;

    /// <summary>Draws the table.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The picture; none at the end if there was no complete snapshot.</returns>
    public static Picture Draw(TableState state, DateTimeOffset now, Viewport view)
    {
        if (view.IsLast && state.Snapshot is not { Freshness.IsSynced: true })
        {
            return Picture.None;
        }

        var all = EndpointRows.Of(state, now);
        var hasPorts = state.SamePorts is null;
        var (rows, filter) = view.Select(
            all, all.Source, hasPorts, row => row.IsGone ? null : row.Endpoint, row => row.Text(hasPorts, view.Glyphs));
        return Frame.Compose(
            HeaderView.Draw(state, filter, now, view),
            room => rows.Count > 0 ? Rows(state, rows, room, now, view)
                : new TableRows([new Line(), .. Nothing(state.Snapshot, state.Hint, all.Count)], Extent.None),
            LogView.Merge(state.Log, view.Notes, now), view);
    }

    private static TableRows Rows(TableState state, IReadOnlyList<TableRow> rows, int? room, DateTimeOffset now, Viewport view)
    {
        var window = RowWindow<TableRow>.Of(
            rows, room, view.Browse.Top, row => row.Endpoint.Member, state.Recent.Where(member => state.IsFresh(member, now)));
        return window.Draw(Lines(state, rows, window.Shown, now, view));
    }

    private static IEnumerable<Line> Lines(
        TableState state, IReadOnlyList<TableRow> rows, IReadOnlyList<TableRow> shown, DateTimeOffset now, Viewport view)
    {
        var since = state.SyncedAt ?? now;

        // Columns keep their places while the user scrolls, unless measuring all rows takes too long.
        var layout = ColumnLayout.Fit(Wanted(state, rows.Count <= MaxMeasured ? rows : shown, now, since, view), view.Width);
        var isStale = state.Snapshot is { Freshness.IsLive: false };
        yield return Heading(layout);
        foreach (var row in shown)
        {
            var line = new Line();
            foreach (var (index, (column, width)) in layout.Columns.Index())
            {
                line.Add(layout.Before(index));
                var (text, style) = (row.Cell(column, now, since, view.Glyphs), row.Style(column, now));
                var end = line.Width + width;
                var isName = column is Column.Member or Column.Node;
                line.Add(isName ? TextTruncation.Middle(text, width) : TextTruncation.End(text, width), style);
                line.PadTo(end);
            }

            yield return isStale ? line.Dim() : line;
        }
    }

    /// <summary>Gets the columns with content. Ports that are equal for all endpoints are in the header instead.</summary>
    private static IEnumerable<(Column, int)> Wanted(
        TableState state, IReadOnlyList<TableRow> rows, DateTimeOffset now, DateTimeOffset since, Viewport view)
    {
        var isPortsInHeader = state.SamePorts is not null;
        foreach (var column in Enum.GetValues<Column>().Where(c => c != Column.Ports || !isPortsInHeader))
        {
            var width = rows.Max(r => r.Cell(column, now, since, view.Glyphs).GetCellWidth());
            var isEmpty = width == 0 || (column == Column.Changed && view.Height is null && rows.All(r => r.Mark is null));
            if (column == Column.Mark || !isEmpty)
            {
                // A minimum width keeps the other columns in place when a state or an age gets longer.
                var minimum = column switch { Column.State => 13, Column.Address => 12, Column.Changed => 7, _ => 0 };
                yield return (column, Math.Max(Math.Max(width, minimum), Title(column).Length));
            }
        }
    }

    private static Line Heading(ColumnLayout layout)
    {
        var line = new Line();
        foreach (var (index, (column, width)) in layout.Columns.Index())
        {
            line.Add(layout.Before(index));
            var end = line.Width + width;
            line.Add(TextTruncation.End(Title(column), width), Palette.Strong).PadTo(end);
        }

        return line;
    }

    private static string Title(Column column) => column switch
    {
        Column.Mark => " ",
        Column.Changed => "CHANGED",
        _ => column.ToString().ToUpperInvariant(),
    };

    /// <summary>Draws the lines that replace the rows when there are none.</summary>
    /// <param name="snapshot">The snapshot; null before the first.</param>
    /// <param name="hint">What to do when there is no such Service, escaped; null if that is unknown.</param>
    /// <param name="hidden">The number of rows that the filter does not show.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Nothing(ServiceTopology? snapshot, string? hint, int hidden)
    {
        if (hidden > 0)
        {
            yield return new Line().Add("  no row matches the filter", Palette.Warn);
            yield break;
        }

        yield return new Line().Add(
            "  " + snapshot switch
            {
                { Freshness.IsSynced: true } => PresenceText.OfMemberless(snapshot) ?? "no endpoints",
                _ => "waiting for the first complete list",
            },
            Palette.Quiet);
        if (snapshot is { Presence: ServicePresence.NoSlices } && hint is not null)
        {
            yield return new Line().Add("  " + hint, Palette.Warn);
        }
    }
}
