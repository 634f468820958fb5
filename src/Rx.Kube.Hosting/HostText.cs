namespace Rx.Kube;

/// <summary>Text that may come from the network or from a configuration, made safe to log and to show.</summary>
internal static class HostText
{
    /// <summary>Returns a text on one line: control and format characters are escaped, and a long text is cut.</summary>
    public static string Line(string? text) => Printable.Of(text, 1000);

    /// <summary>
    /// Returns the cause of an interruption. The message of a missing permission is escaped already, and its manifest needs its lines.
    /// </summary>
    public static string Cause(WatchInterruption interruption) =>
        $"{interruption.Kind}: " +
        (interruption.Error is KubeForbiddenException ? interruption.Message : Line(interruption.Message));
}
