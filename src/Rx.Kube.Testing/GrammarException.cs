namespace Rx.Kube.Testing;

/// <summary>
/// A stream broke the grammar of Rx: any number of OnNext, then at most one OnError or OnCompleted; one call at a time; nothing that begins
/// after Dispose has returned; and neither Subscribe nor Dispose throws. The message says what happened, and when if there is a clock.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="innerException">What was thrown, or the first violation of several; null for none.</param>
public sealed class GrammarException(string message, Exception? innerException = null) : Exception(message, innerException);
