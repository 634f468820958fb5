using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rx.Kube.Simulator.Http;

/// <summary>
/// Refuses what a page in a browser can send to a server on this machine: a request under another name (DNS rebinding: the page's own
/// name leads to 127.0.0.1), and a request of another origin. The clients of an API server send neither <c>Origin</c> nor
/// <c>Sec-Fetch-Site</c>. Source: fetch.spec.whatwg.org, "Origin header"; w3.org/TR/fetch-metadata.
/// </summary>
internal sealed class Door(IReadOnlyCollection<string> allowedHosts)
{
    /// <exception cref="ApiStatusException">The request is refused: 403.</exception>
    internal void Check(HttpRequest request)
    {
        var host = request.Host.Host;
        if (!IsOwnName(host) && !allowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            throw Forbidden(
                $"the Host \"{host}\" is not a name of this server. "
                + "To fix: use 127.0.0.1 or localhost, or add the name to SimulatorOptions.AllowedHosts");
        }
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (request.Headers.ContainsKey(HeaderNames.Origin) || site is not ("" or "none" or "same-origin"))
            throw Forbidden("the request comes from a page of another origin, and this server is not for pages");
    }

    // An address cannot be rebound. A port is not compared: something in front of the server may have another one.
    private static bool IsOwnName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    private static ApiStatusException Forbidden(string why) => new(403, "Forbidden", $"forbidden: {why}", []);
}
