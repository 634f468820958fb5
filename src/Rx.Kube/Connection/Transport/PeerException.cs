using System.Security.Authentication;

namespace Rx.Kube;

/// <summary>
/// A proxy refused, or a TLS handshake failed in a way that is understood. The message is for the user, and how to fix it is part of it.
/// </summary>
/// <param name="message">What happened, to which peer, and how to fix it.</param>
/// <param name="inner">The cause, if there is one.</param>
internal sealed class PeerException(string message, Exception? inner = null) : AuthenticationException(message, inner);
