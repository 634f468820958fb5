namespace Rx.Kube.Testing;

/// <summary>
/// The exception for a result that differs from the expected result. The message shows both as diagrams and describes the first difference.
/// </summary>
/// <param name="message">The message.</param>
public sealed class MarbleAssertionException(string message) : Exception(message);
