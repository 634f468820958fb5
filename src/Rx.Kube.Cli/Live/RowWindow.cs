using System.Globalization;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Chooses the rows of a table that fit.</summary>
/// <typeparam name="T">The type of the rows.</typeparam>
/// <param name="Shown">The rows that fit, in order.</param>
/// <param name="Position">The line below them, which tells which ones they are; null if all rows fit.</param>
/// <param name="Extent">What scrolling must know.</param>
internal sealed record RowWindow<T>(IReadOnlyList<T> Shown, Line? Position, Extent Extent)
{
    /// <summary>
    /// Chooses the rows. At the top, recent changes take the places of the last rows that fit; after scrolling, they do not.
    /// </summary>
    /// <param name="rows">The rows that the filter shows, in the order of their members.</param>
    /// <param name="room">The number of lines; null means no limit.</param>
    /// <param name="top">The row at the top; null for the first one.</param>
    /// <param name="memberOf">Gets the member of a row.</param>
    /// <param name="fresh">The members that have changed recently, in order. Only as many are read as fit.</param>
    /// <returns>The rows.</returns>
    public static RowWindow<T> Of(
        IReadOnlyList<T> rows, int? room, Anchor? top, Func<T, string> memberOf, IEnumerable<string> fresh)
    {
        if (room is not { } lines || rows.Count <= lines)
        {
            return new(rows, null, new Extent(rows.Count, rows.Count));
        }

        var order = new RowOrder<T>(rows, memberOf);
        var extent = new Extent(rows.Count, Math.Max(1, lines - 1)) { Order = order };
        var first = extent.TopOf(top);
        var indexes = first > 0 ? Enumerable.Range(first, extent.Page).ToList() : Recent(order, extent.Page, fresh);
        var run = indexes.TakeWhile((index, at) => index == first + at).Count();
        return new([.. indexes.Select(i => rows[i])], Describe(first, run, indexes.Count - run, rows.Count), extent);
    }

    /// <summary>Adds the position.</summary>
    /// <param name="lines">The heading and the rows.</param>
    /// <returns>The lines and what scrolling must know.</returns>
    public TableRows Draw(IEnumerable<Line> lines) => new(Position is null ? [.. lines] : [.. lines, Position], Extent);

    private static List<int> Recent(RowOrder<T> order, int count, IEnumerable<string> fresh)
    {
        var changed = fresh.SelectMany(order.RowsOf).Take(count).ToList();
        return [.. changed.Concat(Enumerable.Range(0, 2 * count).Except(changed).Take(count - changed.Count)).Order()];
    }

    private static Line Describe(int first, int run, int changed, int all)
    {
        var rows = run > 0 ? string.Create(CultureInfo.InvariantCulture, $"rows {first + 1}-{first + run}") : "";
        var changes = changed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{changed} changed") : "";
        return new Line().Add(
            string.Create(CultureInfo.InvariantCulture, $"  {rows}{(rows.Length * changes.Length > 0 ? " and " : "")}{changes} of {all}"),
            Palette.Quiet);
    }
}
