using System.Net.Sockets;

namespace Rx.Kube.Tests.Shared;

/// <summary>
/// Does what SocketsHttpHandler does if a peer resets a connection as it is made: the bare exception of the socket, which it gets as it
/// asks for the address of the peer. With a real peer this happens in a hundredth of the connections.
/// </summary>
internal sealed class ResettingHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Gets or sets the hosts whose connections are reset.</summary>
    public IReadOnlyCollection<string> Hosts { get; set; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Hosts.Contains(request.RequestUri!.Host)
            ? throw new SocketException((int)SocketError.NotConnected)
            : base.SendAsync(request, cancellationToken);
}
