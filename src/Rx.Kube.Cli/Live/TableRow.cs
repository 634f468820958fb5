using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>One endpoint as the table shows it.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Mark">The last change of its member; null when it has not changed since the first snapshot.</param>
internal sealed record TableRow(TopologyEndpoint Endpoint, MemberMark? Mark)
{
    /// <summary>The rows of a state, in the order of the members, those removed lately among them.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time.</param>
    /// <returns>The rows.</returns>
    public static List<TableRow> Of(TableState state, DateTimeOffset now)
    {
        var rows = (state.Snapshot?.Endpoints ?? EndpointList.Empty).Select(e => new TableRow(e, state.Marks.GetValueOrDefault(e.Member))).ToList();
        var gone = state.Gone.Values.Where(m => m.IsFresh(now)).SelectMany(m => m.Previous.Select(e => new TableRow(e, m))).ToList();
        if (gone.Count > 0)
        {
            rows.AddRange(gone);
            rows = [.. rows.OrderBy(r => r.Endpoint.Member, StringComparer.Ordinal)];
        }

        return rows;
    }

    /// <summary>Whether the row's change is to be highlighted.</summary>
    /// <param name="now">The time.</param>
    /// <returns>True if it is.</returns>
    public bool IsFresh(DateTimeOffset now) => Mark?.IsFresh(now) == true;

    /// <summary>What a cell holds.</summary>
    /// <param name="column">The column.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">When the first snapshot came: a row that has not changed is at least as old.</param>
    /// <param name="glyphs">The signs.</param>
    /// <returns>The text, escaped.</returns>
    public string Cell(Column column, DateTimeOffset now, DateTimeOffset since, Glyphs glyphs) => column switch
    {
        Column.Mark => Sign(now),
        Column.Member => EndpointWords.Name(Endpoint.Member),
        Column.State => $"{Glyph(glyphs)} {(Mark?.Kind == ChangeKind.Removed ? "gone" : EndpointWords.State(Endpoint))}",
        Column.Address => EndpointWords.Addresses(Endpoint),
        Column.Ports => EndpointWords.Ports(Endpoint, " "),
        Column.Zone => EndpointWords.Name(Endpoint.Zone),
        Column.Node => EndpointWords.Name(Endpoint.Node),
        _ => Mark is null ? ">" + Words.Span(now - since) : Words.Span(now - Mark.At),
    };

    /// <summary>How a cell looks.</summary>
    /// <param name="column">The column.</param>
    /// <param name="now">The time.</param>
    /// <returns>The style.</returns>
    public Style Style(Column column, DateTimeOffset now)
    {
        if (Mark?.Kind == ChangeKind.Removed)
        {
            return column is Column.Mark ? Palette.Bad : Palette.Removed;
        }

        if (!IsFresh(now))
        {
            return column switch
            {
                Column.State => StateStyle,
                Column.Member => Palette.Plain,
                Column.Changed or Column.Ports or Column.Zone or Column.Node => Palette.Quiet,
                _ => Palette.Plain,
            };
        }

        if (Mark!.Kind == ChangeKind.Added)
        {
            return column is Column.State ? StateStyle : Palette.Added;
        }

        return column is Column.State ? HasChanged(column) ? StateStyle.Decoration(Decoration.Bold) : StateStyle
            : column is Column.Mark or Column.Member or Column.Changed || HasChanged(column) ? Palette.Updated
            : Palette.Plain;
    }

    private Style StateStyle => Endpoint switch
    {
        { Terminating: true, Serving: true } => Palette.Warn,
        { Ready: true } => Palette.Good,
        _ => Palette.Bad,
    };

    private string Sign(DateTimeOffset now) => !IsFresh(now) ? " " : Mark!.Kind switch
    {
        ChangeKind.Added => "+",
        ChangeKind.Removed => "-",
        _ => "~",
    };

    private string Glyph(Glyphs glyphs) => Mark?.Kind == ChangeKind.Removed ? glyphs.Gone : Endpoint switch
    {
        { Terminating: true, Serving: true } => glyphs.Terminating,
        { Terminating: true } => glyphs.Stopped,
        { Ready: true } => glyphs.Ready,
        _ => glyphs.NotReady,
    };

    private bool HasChanged(Column column) =>
        EndpointWords.Before(Mark!.Previous, Endpoint) is not { } was || column switch
        {
            Column.State => was.Ready != Endpoint.Ready || was.Serving != Endpoint.Serving || was.Terminating != Endpoint.Terminating,
            Column.Address => !was.Addresses.SequenceEqual(Endpoint.Addresses),
            Column.Ports => !was.Ports.SequenceEqual(Endpoint.Ports),
            Column.Zone => was.Zone != Endpoint.Zone,
            Column.Node => was.Node != Endpoint.Node,
            _ => false,
        };
}
