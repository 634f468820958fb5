namespace Rx.Kube.Cli.Terminal;

/// <summary>Represents a key that the user pressed.</summary>
/// <param name="Character">The character; U+0000 for a key without one, such as an arrow.</param>
/// <param name="Key">The key; <see cref="ConsoleKey.None"/> for a character that has none of its own.</param>
internal readonly record struct KeyPress(char Character, ConsoleKey Key = ConsoleKey.None)
{
    /// <summary>Creates a key without a character.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The key.</returns>
    public static KeyPress Of(ConsoleKey key) => new('\0', key);
}
