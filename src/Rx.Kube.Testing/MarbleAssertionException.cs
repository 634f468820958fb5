namespace Rx.Kube.Testing;

/// <summary>
/// The exception for a result that is not the expected one. The message shows both as diagrams and describes the first difference.
/// </summary>
/// <param name="message">The message.</param>
public sealed class MarbleAssertionException(string message) : Exception(message);
