using System.Collections;

namespace Rx.Kube.Cli.Live;

/// <summary>
/// Represents the rows of a state in the order of the members, including members that were removed recently. A row is made when it is read,
/// so that a frame of a large Service costs what it shows.
/// </summary>
internal sealed class EndpointRows : IReadOnlyList<TableRow>
{
    private readonly TableState _state;

    /// <summary>The removed rows, and their places among all rows.</summary>
    private readonly TableRow[] _gone;
    private readonly int[] _places;

    private EndpointRows(TableState state, TableRow[] gone, int[] places) => (_state, _gone, _places) = (state, gone, places);

    /// <inheritdoc/>
    public int Count => Endpoints.Count + _gone.Length;

    /// <summary>Gets the endpoints of the snapshot.</summary>
    public EndpointList Endpoints => _state.Snapshot?.Endpoints ?? EndpointList.Empty;

    /// <summary>Gets what these rows are made from: equal for states with the same rows.</summary>
    public (object Endpoints, object Gone, int Count) Source => (Endpoints, _state.Gone, _gone.Length);

    /// <inheritdoc/>
    public TableRow this[int index]
    {
        get
        {
            var before = Array.BinarySearch(_places, index);
            return before >= 0 ? _gone[before] : RowOf(Endpoints[index - ~before]);
        }
    }

    /// <summary>Gets the rows of a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <returns>The rows.</returns>
    public static EndpointRows Of(TableState state, DateTimeOffset now)
    {
        var order = new RowOrder<TopologyEndpoint>(state.Snapshot?.Endpoints ?? EndpointList.Empty, e => e.Member);
        TableRow[] gone =
        [
            .. state.Gone.Values.Where(mark => mark.IsFresh(now))
                .SelectMany(mark => mark.Previous.Select(endpoint => new TableRow(endpoint, mark)))
                .OrderBy(row => row.Endpoint.Member, StringComparer.Ordinal),
        ];
        return new(state, gone, [.. gone.Select((row, before) => order.IndexOf(new(row.Endpoint.Member, 0)) + before)]);
    }

    /// <inheritdoc/>
    public IEnumerator<TableRow> GetEnumerator()
    {
        var (index, next) = (0, 0);
        foreach (var endpoint in Endpoints)
        {
            for (; next < _gone.Length && _places[next] == index; index++)
            {
                yield return _gone[next++];
            }

            yield return RowOf(endpoint);
            index++;
        }

        foreach (var row in _gone.Skip(next))
        {
            yield return row;
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private TableRow RowOf(TopologyEndpoint endpoint) => new(endpoint, _state.Marks.GetValueOrDefault(endpoint.Member));
}
