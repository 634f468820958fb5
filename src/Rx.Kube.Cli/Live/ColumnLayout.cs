namespace Rx.Kube.Cli.Live;

/// <summary>Chooses the columns that fit into the width of a terminal, and their widths.</summary>
/// <param name="Columns">The columns, from left to right, each with its width in cells.</param>
/// <param name="Gap">The cells between two columns.</param>
internal sealed record ColumnLayout(IReadOnlyList<(Column Column, int Width)> Columns, int Gap)
{
    private const int MinGap = 2;
    private const int MaxGap = 4;

    /// <summary>The minimum width of each column; below it, another column is dropped.</summary>
    private static readonly Dictionary<Column, int> _minimum = new()
    {
        [Column.Mark] = 1,
        [Column.Member] = 12,
        [Column.State] = 8,
        [Column.Address] = 15,
        [Column.Ports] = 9,
        [Column.Zone] = 4,
        [Column.Node] = 8,
        [Column.Changed] = 7,
    };

    /// <summary>The columns that can be dropped, in that order.</summary>
    private static readonly Column[] _dispensable = [Column.Node, Column.Ports, Column.Zone, Column.Changed, Column.Address];

    /// <summary>Fits the columns into a width.</summary>
    /// <param name="wanted">The columns and their preferred widths.</param>
    /// <param name="width">The width of the terminal in cells.</param>
    /// <returns>The layout.</returns>
    public static ColumnLayout Fit(IEnumerable<(Column Column, int Width)> wanted, int width)
    {
        var all = wanted.ToList();
        for (var leftOut = 0; ; leftOut++)
        {
            var columns = all.Where(c => !_dispensable.AsSpan(0, leftOut).Contains(c.Column)).ToList();
            var room = width - (MinGap * (columns.Count - 1));
            if (Shrink(columns, room) || leftOut == _dispensable.Length)
            {
                var spare = room - columns.Sum(c => c.Width);
                var gap = Math.Clamp(MinGap + (spare / Math.Max(1, columns.Count - 1)), MinGap, MaxGap);
                return new ColumnLayout(columns, gap);
            }
        }
    }

    /// <summary>Gets the blanks before a column: the mark is next to the member.</summary>
    /// <param name="index">The column, counted from 0.</param>
    /// <returns>Blanks.</returns>
    public string Before(int index) => index == 0 ? "" : index == 1 ? " " : new string(' ', Gap);

    private static bool Shrink(List<(Column Column, int Width)> columns, int room)
    {
        while (columns.Sum(c => c.Width) > room)
        {
            var (index, excess) = (-1, 0);
            for (var i = 0; i < columns.Count; i++)
            {
                var more = columns[i].Width - _minimum[columns[i].Column];
                (index, excess) = more > excess ? (i, more) : (index, excess);
            }

            if (index < 0)
            {
                return false;
            }

            columns[index] = (columns[index].Column, columns[index].Width - 1);
        }

        return true;
    }
}

/// <summary>Specifies a column of the table; the order is from left to right.</summary>
internal enum Column
{
    /// <summary>The last change: <c>+ ~ -</c>.</summary>
    Mark,

    /// <summary>The name of the member.</summary>
    Member,

    /// <summary>The state: ready, terminating, and so on.</summary>
    State,

    /// <summary>The addresses.</summary>
    Address,

    /// <summary>The ports.</summary>
    Ports,

    /// <summary>The zone.</summary>
    Zone,

    /// <summary>The node.</summary>
    Node,

    /// <summary>The time since the last change.</summary>
    Changed,
}
