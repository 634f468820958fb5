using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws a state at a given time: a pure function of both.</summary>
internal static class TableView
{
    /// <summary>Draws the table.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The lines, each at most as wide as the viewport. Their number is the height of the viewport if it has one.</returns>
    public static IReadOnlyList<Line> Draw(TableState state, DateTimeOffset now, Viewport view)
    {
        var rows = TableRow.Of(state, now);
        return Frame.Compose(HeaderView.Draw(state, now, view), room => Rows(state, rows, room ?? rows.Count, now, view), state.Log, view);
    }

    private static IEnumerable<Line> Rows(TableState state, List<TableRow> rows, int room, DateTimeOffset now, Viewport view)
    {
        if (rows.Count == 0)
        {
            yield return new Line();
            foreach (var line in Nothing(state.Snapshot, state.Hint))
            {
                yield return line;
            }

            yield break;
        }

        var since = state.SyncedAt ?? now;
        var shown = Choose(rows, room, now);
        var layout = ColumnLayout.Fit(Wanted(state, shown, now, since, view), view.Width);
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

        if (shown.Count < rows.Count)
        {
            var ready = rows.Count(r => r.Endpoint.Ready) - shown.Count(r => r.Endpoint.Ready);
            yield return new Line().Add(string.Create(
                CultureInfo.InvariantCulture, $"  … and {rows.Count - shown.Count} more, {ready} of them ready"), Palette.Quiet);
        }
    }

    /// <summary>Chooses the rows that fit: recent changes first, shown in the order of the members.</summary>
    private static List<TableRow> Choose(List<TableRow> rows, int room, DateTimeOffset now)
    {
        if (rows.Count <= room)
        {
            return rows;
        }

        var chosen = rows.Select((row, index) => (row, index)).OrderBy(r => r.row.IsFresh(now) ? 0 : 1).ThenBy(r => r.index)
            .Take(Math.Max(0, room - 1)).OrderBy(r => r.index);
        return [.. chosen.Select(r => r.row)];
    }

    /// <summary>Gets the columns with content. Ports that are equal for all endpoints are in the header instead.</summary>
    private static IEnumerable<(Column, int)> Wanted(
        TableState state, List<TableRow> shown, DateTimeOffset now, DateTimeOffset since, Viewport view)
    {
        var isPortsInHeader = state.SamePorts is not null;
        foreach (var column in Enum.GetValues<Column>().Where(c => c != Column.Ports || !isPortsInHeader))
        {
            var width = shown.Count == 0 ? 0 : shown.Max(r => r.Cell(column, now, since, view.Glyphs).GetCellWidth());
            var isEmpty = width == 0 || (column == Column.Changed && view.Height is null && shown.All(r => r.Mark is null));
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
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Nothing(ServiceTopology? snapshot, string? hint)
    {
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
