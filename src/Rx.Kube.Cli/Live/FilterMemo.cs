namespace Rx.Kube.Cli.Live;

/// <summary>
/// Remembers what the filter of one table has matched, so that a frame costs a pass over what has changed. Not thread-safe: one frame is
/// drawn at a time.
/// </summary>
internal sealed class FilterMemo
{
    private Dictionary<object, Match> _matches = new(ReferenceEqualityComparer.Instance);
    private (object? Source, RowFilter? Filter, object? Shape) _last;
    private object? _shown;

    /// <summary>Gets the rows that a filter matches.</summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="rows">All rows.</param>
    /// <param name="source">What the rows are made from: while it is equal, the rows are.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="shape">What the texts depend on beside the rows.</param>
    /// <param name="keyOf">Gets the immutable object that a row shows, by which its text is remembered; null not to remember it.</param>
    /// <param name="text">Gets the visible text of a row.</param>
    /// <returns>The rows in their order.</returns>
    public IReadOnlyList<T> Select<T>(
        IReadOnlyList<T> rows, object source, RowFilter filter, object shape, Func<T, object?> keyOf, Func<T, string> text)
    {
        if (_shown is IReadOnlyList<T> shown && _last.Source!.Equals(source) && _last.Filter == filter && _last.Shape!.Equals(shape))
        {
            return shown;
        }

        if (!shape.Equals(_last.Shape) || _matches.Count > 2 * (rows.Count + 1000))
        {
            _matches = new(ReferenceEqualityComparer.Instance); // texts of another shape, or of rows that have gone
        }

        var matching = rows.Where(row => keyOf(row) is { } key ? Matches(key, row) : filter.Matches(text(row))).ToList();
        (_last, _shown) = ((source, filter, shape), matching);
        return matching;

        bool Matches(object key, T row)
        {
            var match = _matches.TryGetValue(key, out var known) ? known : _matches[key] = new Match(text(row));
            return match.Is(filter);
        }
    }

    /// <summary>Forgets everything: no filter is there.</summary>
    public void Clear()
    {
        if (_shown is not null)
        {
            (_matches, _last, _shown) = (new(ReferenceEqualityComparer.Instance), default, null);
        }
    }

    /// <summary>The text of a row, and whether the last filter matches it.</summary>
    private sealed class Match(string text)
    {
        private RowFilter? _by;
        private bool _is;

        public bool Is(RowFilter filter)
        {
            if (_by != filter)
            {
                (_by, _is) = (filter, filter.Matches(text));
            }

            return _is;
        }
    }
}
