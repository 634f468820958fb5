namespace Rx.Kube;

/// <summary>The base of every error that comes from talking to an API server, or from finding out how to.</summary>
/// <param name="message">What happened and what cures it. Never a credential.</param>
/// <param name="innerException">The cause, if there is one.</param>
public abstract class KubeException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The configuration does not lead to an API server: a missing file, context, user or key, broken YAML, an exec plugin that fails.</summary>
/// <param name="message">What is wrong, in which file, and the cure.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeConfigException(string message, Exception? innerException = null) : KubeException(message, innerException);

/// <summary>The API server could not be reached, or the connection broke.</summary>
/// <param name="message">What happened, to which server, and the cure.</param>
/// <param name="isUntrusted">Whether the server's certificate was refused: waiting does not cure that.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeTransportException(string message, bool isUntrusted = false, Exception? innerException = null)
    : KubeException(message, innerException)
{
    /// <summary>Whether the server's certificate was refused.</summary>
    public bool IsUntrusted { get; } = isUntrusted;
}

/// <summary>The server sent what is not the Kubernetes protocol: a line over the cap, broken JSON, a list without a version.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class KubeProtocolException(string message, Exception? innerException = null) : KubeException(message, innerException);
