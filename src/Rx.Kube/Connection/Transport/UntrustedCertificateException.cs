using System.Security.Authentication;

namespace Rx.Kube;

/// <summary>
/// Carries the reason for a refused certificate out of the TLS handshake, where it becomes a <see cref="KubeTransportException"/>.
/// </summary>
/// <param name="message">The reason, and how to fix it.</param>
internal sealed class UntrustedCertificateException(string message) : AuthenticationException(message);
