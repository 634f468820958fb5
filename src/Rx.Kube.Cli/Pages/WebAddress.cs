using System.Globalization;
using System.Net;

namespace Rx.Kube.Cli.Pages;

/// <summary>Describes where the tool serves a page: the value of <c>--web</c>.</summary>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port; 0 for any free one.</param>
/// <param name="IsFixed">Whether the user named the port.</param>
internal sealed record WebAddress(IPAddress Address, int Port, bool IsFixed)
{
    /// <summary>The port that is tried first when the user names none.</summary>
    public const int UsualPort = 8077;

    /// <summary>Gets the address without a value: loopback.</summary>
    public static WebAddress Usual { get; } = new(IPAddress.Loopback, UsualPort, false);

    /// <summary>Gets whether only this machine can reach the page.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Parses <c>PORT</c> or <c>ADDRESS:PORT</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The address; null if the text is neither.</returns>
    public static WebAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "127.0.0.1" : text[..colon];
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) &&
            port <= ushort.MaxValue && IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host.Trim('[', ']'), out var address)
            ? new(address, port, true)
            : null;
    }

    /// <summary>
    /// Gets whether a request names this server: an address, which cannot be rebound to another machine, or <c>localhost</c>. On loopback,
    /// only a loopback address. A page of another site whose name resolves to this address (DNS rebinding) sends its own name.
    /// </summary>
    /// <param name="host">The Host header, without its port.</param>
    /// <returns>True if it does.</returns>
    public bool IsNamedBy(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (!IsLoopback || IPAddress.IsLoopback(address)));
}
