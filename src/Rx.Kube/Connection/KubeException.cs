namespace Rx.Kube;

/// <summary>The base class of all errors of a connection: configuration errors, network errors, and errors from the API server.</summary>
/// <param name="message">What happened, and how to fix it. Never contains a credential.</param>
/// <param name="innerException">The cause, if there is one.</param>
public abstract class KubeException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The configuration cannot be used: a missing file, context, user or key, broken YAML, an exec plugin that fails.</summary>
/// <param name="message">What is wrong, in which file, and how to fix it.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeConfigurationException(string message, Exception? innerException = null) : KubeException(message, innerException);

/// <summary>The API server could not be reached, or the connection broke.</summary>
/// <param name="message">What happened, to which server, and how to fix it.</param>
/// <param name="isUntrusted">Whether the server's certificate was rejected. Retrying does not fix this.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeTransportException(string message, bool isUntrusted = false, Exception? innerException = null)
    : KubeException(message, innerException)
{
    /// <summary>Gets whether the server's certificate was rejected.</summary>
    public bool IsUntrusted { get; } = isUntrusted;
}

/// <summary>The server violated the Kubernetes protocol: a line over the size cap, broken JSON, a list without a version.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeProtocolException(string message, Exception? innerException = null) : KubeException(message, innerException);

/// <summary>A watch was silent for too long, although its server sends bookmarks: its connection counts as dead.</summary>
/// <param name="message">How long the watch was silent.</param>
public sealed class WatchSilentException(string message) : KubeException(message);
