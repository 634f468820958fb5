namespace Rx.Kube.Cli.Output;

/// <summary>Nobody reads standard output any more.</summary>
/// <param name="innerException">What the operating system said.</param>
internal sealed class OutputClosedException(IOException innerException)
    : Exception("standard output is closed", innerException)
{
    private const int UnixBrokenPipe = 32;
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsNoData = unchecked((int)0x800700E8);

    /// <summary>Writes a text.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="OutputClosedException">Nobody reads it any more.</exception>
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
