using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Represents an endpoint as the table shows it.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Mark">The last change of its member; null without a change since the first snapshot.</param>
internal sealed record TableRow(TopologyEndpoint Endpoint, MemberMark? Mark)
{
    /// <summary>Gets whether the member was removed.</summary>
    public bool IsGone => Mark?.Kind == ChangeKind.Removed;

    /// <summary>Checks whether the change of the row is highlighted.</summary>
    /// <param name="now">The time.</param>
    /// <returns>True if it is highlighted.</returns>
    public bool IsFresh(DateTimeOffset now) => Mark?.IsFresh(now) == true;

    /// <summary>Gets the text of a cell.</summary>
    /// <param name="column">The column.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">The time of the first snapshot; a row without a change is at least that old.</param>
    /// <param name="glyphs">The signs.</param>
    /// <returns>The text, escaped.</returns>
    public string Cell(Column column, DateTimeOffset now, DateTimeOffset since, Glyphs glyphs) => column switch
    {
        Column.Mark => Sign(now),
        Column.Member => EndpointFormat.Name(Endpoint.Member),
        Column.State => $"{Glyph(glyphs)} {(IsGone ? "gone" : EndpointFormat.State(Endpoint))}",
        Column.Address => EndpointFormat.Addresses(Endpoint),
        Column.Ports => EndpointFormat.Ports(Endpoint, " "),
        Column.Zone => EndpointFormat.Name(Endpoint.Zone),
        Column.Node => EndpointFormat.Name(Endpoint.Node),
        _ => Mark is null ? ">" + HumanFormat.Span(now - since) : HumanFormat.Span(now - Mark.At),
    };

    /// <summary>Gets the text that a filter is applied to: all columns that do not change as time passes.</summary>
    /// <param name="ports">Whether there is a column of ports.</param>
    /// <param name="glyphs">The signs.</param>
    /// <returns>The text, escaped.</returns>
    public string Text(bool ports, Glyphs glyphs) => string.Join("  ", Enum.GetValues<Column>()
        .Where(c => c is not (Column.Mark or Column.Changed) && (ports || c != Column.Ports))
        .Select(c => Cell(c, default, default, glyphs)));

    /// <summary>Gets the style of a cell.</summary>
    /// <param name="column">The column.</param>
    /// <param name="now">The time.</param>
    /// <returns>The style.</returns>
    public Style Style(Column column, DateTimeOffset now)
    {
        if (IsGone)
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

    private string Glyph(Glyphs glyphs) => IsGone ? glyphs.Gone : Endpoint switch
    {
        { Terminating: true, Serving: true } => glyphs.Terminating,
        { Terminating: true } => glyphs.Stopped,
        { Ready: true } => glyphs.Ready,
        _ => glyphs.NotReady,
    };

    private bool HasChanged(Column column) =>
        EndpointFormat.Before(Mark!.Previous, Endpoint) is not { } was || column switch
        {
            Column.State => was.Ready != Endpoint.Ready || was.Serving != Endpoint.Serving || was.Terminating != Endpoint.Terminating ||
                was.IsHeld != Endpoint.IsHeld,
            Column.Address => !was.Addresses.SequenceEqual(Endpoint.Addresses),
            Column.Ports => !EndpointFormat.HaveSamePorts(was, Endpoint),
            Column.Zone => was.Zone != Endpoint.Zone,
            Column.Node => was.Node != Endpoint.Node,
            _ => false,
        };
}
