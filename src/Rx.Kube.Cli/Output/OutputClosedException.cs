namespace Rx.Kube.Cli.Output;

/// <summary>Indicates that the reader of standard output has closed it.</summary>
/// <param name="innerException">The error of the operating system.</param>
internal sealed class OutputClosedException(IOException innerException)
    : Exception("standard output is closed", innerException)
{
    private const int UnixBrokenPipe = 32;
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsNoData = unchecked((int)0x800700E8);

    /// <summary>Writes a text.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="OutputClosedException">The reader has closed the output.</exception>
    public static void Write(TextWriter output, string text)
    {
        try
        {
            output.Write(text);
            output.Flush();
        }
        catch (IOException e) when (e.HResult is UnixBrokenPipe or WindowsBrokenPipe or WindowsNoData)
        {
            throw new OutputClosedException(e);
        }
    }
}
