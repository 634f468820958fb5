namespace Rx.Kube.Testing;

/// <summary>
/// A recording cannot be read: it is none, it is broken before its last line, it is over a limit, or its major version is newer. The
/// message is safe to print.
/// </summary>
/// <param name="message">What is wrong, in which line, and how to fix it.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class RecordingException(string message, Exception? innerException = null) : FormatException(message, innerException);
