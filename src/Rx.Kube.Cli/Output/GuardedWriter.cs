using System.Text;

namespace Rx.Kube.Cli.Output;

/// <summary>Passes text on and replaces the errors of the operating system.</summary>
/// <param name="inner">The stream of the process. It must be safe for concurrent use if this writer is used concurrently.</param>
/// <param name="failed">Handles an error: returns to ignore it, or throws.</param>
internal sealed class GuardedWriter(TextWriter inner, Action<Exception> failed) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Creates a writer for standard output, which reports errors.</summary>
    /// <param name="output">Standard output.</param>
    /// <returns>A writer that throws an <see cref="OutputException"/> when the output cannot be written.</returns>
    public static GuardedWriter Output(TextWriter output) => new(output, e => throw new OutputException(e));

    /// <summary>Creates a writer for standard error, which ignores errors: there is no other place to report them.</summary>
    /// <param name="error">Standard error.</param>
    /// <returns>A writer that does not throw.</returns>
    public static GuardedWriter Error(TextWriter error) => new(error, _ => { });

    /// <inheritdoc/>
    public override void Write(char value) => Guard(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Guard(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush() => Guard(inner.Flush);

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failed(e);
        }
    }
}
