namespace Rx.Kube.Cli.Output;

/// <summary>Indicates that standard output cannot be written: its reader has closed it, or the disk is full.</summary>
/// <param name="innerException">The error of the operating system.</param>
internal sealed class OutputException(Exception innerException)
    : Exception($"standard output cannot be written: {innerException.Message}", innerException)
{
    private const int UnixBrokenPipe = 32;
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsNoData = unchecked((int)0x800700E8);

    /// <summary>Gets whether the reader has closed the output. This is how <c>| head</c> stops the tool, so it is not a failure.</summary>
    public bool IsClosed { get; } =
        innerException is IOException && innerException.HResult is UnixBrokenPipe or WindowsBrokenPipe or WindowsNoData;
}
