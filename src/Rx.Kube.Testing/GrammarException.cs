namespace Rx.Kube.Testing;

/// <summary>
/// The exception for a stream that violates the Rx grammar: any number of OnNext, then at most one OnError or OnCompleted; one call at a
/// time; no call that begins after Dispose has returned; and neither Subscribe nor Dispose throws. The message says what happened and, if
/// the log has a clock, when.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="innerException">The exception that was thrown, or the first of several violations; null for none.</param>
public sealed class GrammarException(string message, Exception? innerException = null) : Exception(message, innerException);
