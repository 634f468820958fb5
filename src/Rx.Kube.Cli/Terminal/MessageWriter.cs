using System.Text;

namespace Rx.Kube.Cli.Terminal;

/// <summary>
/// Breaks the messages of the tool between words, where a terminal would break them within a word. All other lines stay as they are: a user
/// copies them, such as a manifest.
/// </summary>
/// <param name="inner">The terminal.</param>
/// <param name="width">Gets the width of the terminal in cells.</param>
internal sealed class MessageWriter(TextWriter inner, Func<int> width) : TextWriter
{
    private const string Hang = "  ";

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => inner.Write(buffer, index, count);

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(
        string.Join('\n', (value ?? "").Split('\n').SelectMany(line => line.StartsWith("rxkube", StringComparison.Ordinal)
            ? LineWrapping.Wrap(new Line().Add(line), width(), Hang).Select(part => part.ToString()) : [line])));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
