using System.Security.Authentication;

namespace Rx.Kube;

/// <summary>Carries why a certificate was refused out of the TLS handshake, to become a <see cref="KubeTransportException"/>.</summary>
/// <param name="message">Why, and the cure.</param>
internal sealed class UntrustedCertificateException(string message) : AuthenticationException(message);
