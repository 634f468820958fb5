namespace Rx.Kube.Testing;

/// <summary>What was seen is not what was expected. The message shows both as diagrams, and says the first difference in words.</summary>
/// <param name="message">The message.</param>
public sealed class MarbleAssertionException(string message) : Exception(message);
