namespace Rx.Kube.Cli.Live;

/// <summary>Represents a row by its member, so that it is found again when rows above it come and go.</summary>
/// <param name="Member">The member.</param>
/// <param name="Offset">Which row of the member, from 0.</param>
internal sealed record Anchor(string Member, int Offset);

/// <summary>Finds rows by their members.</summary>
internal abstract class RowOrder
{
    /// <summary>Gets the order of an empty table.</summary>
    public static RowOrder None { get; } = new RowOrder<string>([], name => name);

    /// <summary>Gets the anchor of a row.</summary>
    /// <param name="index">The row, from 0.</param>
    /// <returns>The anchor.</returns>
    public abstract Anchor AnchorOf(int index);

    /// <summary>Finds a row.</summary>
    /// <param name="anchor">The anchor.</param>
    /// <returns>The row; if it has gone, the one that follows its place, which may be after the last row.</returns>
    public abstract int IndexOf(Anchor anchor);
}

/// <summary>Finds rows by their members.</summary>
/// <typeparam name="T">The type of the rows.</typeparam>
/// <param name="rows">The rows in the ordinal order of their members.</param>
/// <param name="memberOf">Gets the member of a row.</param>
internal sealed class RowOrder<T>(IReadOnlyList<T> rows, Func<T, string> memberOf) : RowOrder
{
    /// <inheritdoc/>
    public override Anchor AnchorOf(int index)
    {
        var member = memberOf(rows[index]);
        return new(member, index - First(member));
    }

    /// <inheritdoc/>
    public override int IndexOf(Anchor anchor)
    {
        var first = First(anchor.Member);
        var left = RowsOf(anchor.Member, first).Take(anchor.Offset + 1).Count();
        return first + Math.Max(0, left - 1);
    }

    /// <summary>Finds the rows of a member.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The rows, from 0.</returns>
    public IEnumerable<int> RowsOf(string member) => RowsOf(member, First(member));

    private IEnumerable<int> RowsOf(string member, int first) =>
        Enumerable.Range(first, rows.Count - first).TakeWhile(index => memberOf(rows[index]) == member);

    private int First(string member)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = string.CompareOrdinal(memberOf(rows[middle]), member) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
