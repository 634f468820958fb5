using System.Reactive.Linq;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Represents what the user looks at: the rows, the filter and its prompt. Immutable; a fold over the keys.</summary>
internal sealed record Browse
{
    private const char Clear = '\x15'; // Ctrl+U

    /// <summary>Gets the beginning: the first rows, without a filter.</summary>
    public static Browse Start { get; } = new();

    /// <summary>
    /// Gets the row at the top, which stays there when rows above it come and go; null for the first row. There, the table may show recent
    /// changes instead of the last rows that fit.
    /// </summary>
    public Anchor? Top { get; init; }

    /// <summary>Gets the filter; null for none.</summary>
    public RowFilter? Filter { get; init; }

    /// <summary>Gets the text in the prompt of the filter, not escaped; null while the prompt is closed.</summary>
    public string? Prompt { get; init; }

    /// <summary>Gets why the text in the prompt is not a filter; the last one that was valid stays.</summary>
    public string? Mistake { get; init; }

    /// <summary>Gets the filter that was there when the prompt was opened.</summary>
    public RowFilter? Before { get; init; }

    /// <summary>Gets whether the user quits.</summary>
    public bool IsQuit { get; init; }

    /// <summary>Gets the state after a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="seen">The rows that the user saw when the key was pressed.</param>
    /// <returns>The next state.</returns>
    public Browse Next(KeyPress key, Extent seen) => Prompt is { } text ? Typed(text, key, seen) : key switch
    {
        { Character: 'q' or 'Q' } => this with { IsQuit = true },
        { Character: '/' } => this with { Prompt = Filter?.Text ?? "", Before = Filter },
        { Key: ConsoleKey.Escape } => Filter is null ? this : Start,
        { Character: 'j' } => Move(1, seen),
        { Character: 'k' } => Move(-1, seen),
        { Character: ' ' } => Move(seen.Page, seen),
        { Character: 'b' } => Move(-seen.Page, seen),
        { Character: 'g' } => Move(-seen.Total, seen),
        { Character: 'G' } => Move(seen.Total, seen),
        _ => Scrolled(key, seen),
    };

    private Browse Closed => this with { Prompt = null, Mistake = null, Before = null };

    private Browse Typed(string text, KeyPress key, Extent seen) => key switch
    {
        { Key: ConsoleKey.Enter } or { Character: '\r' or '\n' } => Closed,
        { Key: ConsoleKey.Escape } => Closed with { Filter = Before, Top = Filter == Before ? Top : null },
        { Key: ConsoleKey.Backspace } when text.Length == 0 => Closed with { Filter = null },
        { Key: ConsoleKey.Backspace } => With(text[..^(text.Length > 1 && char.IsLowSurrogate(text[^1]) ? 2 : 1)]),
        { Character: Clear } => With(""),
        { Character: var character } when !char.IsControl(character) => text.Length < RowFilter.MaxLength ? With(text + character) : this,
        _ => Scrolled(key, seen),
    };

    private Browse With(string text)
    {
        var (filter, mistake) = RowFilter.Parse(text);
        return mistake is null
            ? this with { Prompt = text, Filter = filter, Mistake = null, Top = null }
            : this with { Prompt = text, Mistake = mistake };
    }

    private Browse Scrolled(KeyPress key, Extent seen) => key.Key switch
    {
        ConsoleKey.DownArrow => Move(1, seen),
        ConsoleKey.UpArrow => Move(-1, seen),
        ConsoleKey.PageDown => Move(seen.Page, seen),
        ConsoleKey.PageUp => Move(-seen.Page, seen),
        ConsoleKey.Home => Move(-seen.Total, seen),
        ConsoleKey.End => Move(seen.Total, seen),
        _ => this,
    };

    // When rows have gone, the first row may be beyond the last one that can be at the top.
    private Browse Move(int rows, Extent seen)
    {
        var top = Math.Clamp(seen.TopOf(Top) + rows, 0, seen.LastTop);
        return this with { Top = top == 0 ? null : seen.Order.AnchorOf(top) };
    }
}

/// <summary>Represents the rows that the user sees.</summary>
/// <param name="Total">The number of rows, seen or not.</param>
/// <param name="Page">The number of rows that are seen.</param>
internal sealed record Extent(int Total, int Page)
{
    /// <summary>Gets an empty table.</summary>
    public static Extent None { get; } = new(0, 0);

    /// <summary>Gets the places of the rows.</summary>
    public RowOrder Order { get; init; } = RowOrder.None;

    /// <summary>Gets the last row that can be at the top, counted from 0.</summary>
    public int LastTop => Math.Max(0, Total - Page);

    /// <summary>Gets the row that is at the top.</summary>
    /// <param name="anchor">The row that should be; null for the first one.</param>
    /// <returns>The row, from 0.</returns>
    public int TopOf(Anchor? anchor) => anchor is null ? 0 : Math.Clamp(Order.IndexOf(anchor), 0, LastTop);
}

/// <summary>Tells commands from text.</summary>
internal static class BrowseKeys
{
    /// <summary>Selects the keys that are commands: those that are not typed into the prompt of the filter.</summary>
    /// <param name="keys">The keys from the beginning.</param>
    /// <param name="isWanted">Selects commands.</param>
    /// <returns>The commands.</returns>
    public static IObservable<KeyPress> Commands(this IObservable<KeyPress> keys, Func<KeyPress, bool> isWanted) =>
        keys.WithIsText().Where(k => !k.IsText && isWanted(k.Key)).Select(k => k.Key);

    /// <summary>Removes some commands.</summary>
    /// <param name="keys">The keys from the beginning.</param>
    /// <param name="isUnwanted">Selects the commands to remove.</param>
    /// <returns>The other commands, and all text.</returns>
    public static IObservable<KeyPress> WithoutCommands(this IObservable<KeyPress> keys, Func<KeyPress, bool> isUnwanted) =>
        keys.WithIsText().Where(k => k.IsText || !isUnwanted(k.Key)).Select(k => k.Key);

    private static IObservable<(KeyPress Key, bool IsText)> WithIsText(this IObservable<KeyPress> keys) => keys
        .Scan((Browse: Browse.Start, Key: default(KeyPress), IsText: false), (state, key) =>
            (state.Browse.Next(key, Extent.None), key, state.Browse.Prompt is not null))
        .Select(state => (state.Key, state.IsText));
}
