using System.Net;

namespace Rx.Kube;

/// <summary>
/// The proxy in the process's environment, read as kubectl reads it (Go's httpproxy): HTTPS_PROXY or HTTP_PROXY by the server's
/// scheme, unless NO_PROXY names the server or the server is this machine.
/// </summary>
internal static class EnvironmentProxy
{
    public static Uri? For(Uri server, KubeEnvironment environment)
    {
        var name = server.Scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
        if (Either(environment, name) is not { } text || IsExempt(server, Either(environment, "NO_PROXY") ?? ""))
        {
            return null;
        }

        return Parse(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text)
            ?? throw new KubeConfigurationException(
                $"The environment variable {name} is not an http, https or socks5 address. "
                + "To fix: correct it, or exempt the server with NO_PROXY.");
    }

    /// <summary>Parses a proxy's address; null if it is not one.</summary>
    public static Uri? Parse(string text)
    {
        if (text.StartsWith("socks5h://", StringComparison.OrdinalIgnoreCase))
        {
            text = "socks5" + text["socks5h".Length..]; // in both the proxy resolves names
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5" && uri.Host.Length > 0
            ? uri.Port > 0 ? uri : WithPort(uri, 1080)
            : null;
    }

    // UriBuilder throws for logins and hosts that Uri accepts.
    private static Uri? WithPort(Uri uri, int port)
    {
        var login = uri.UserInfo.Length > 0 ? uri.UserInfo + "@" : "";
        return Uri.TryCreate($"{uri.Scheme}://{login}{uri.Host}:{port}", UriKind.Absolute, out var result) ? result : null;
    }

    private static string? Either(KubeEnvironment environment, string name) => environment[name] ?? environment[name.ToLowerInvariant()];

    private static bool IsExempt(Uri server, string noProxy)
    {
        var host = server.IdnHost.ToLowerInvariant();
        var address = IPAddress.TryParse(host, out var ip) ? ip : null;
        if (host == "localhost" || (address is not null && IPAddress.IsLoopback(address)))
        {
            return true;
        }

        var entries = noProxy.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return entries.Any(entry => Matches(entry, host, address, server.Port));
    }

    private static bool Matches(string entry, string host, IPAddress? address, int port)
    {
        if (entry == "*" || (IPNetwork.TryParse(entry, out var network) && address is not null && network.Contains(address)))
        {
            return true;
        }

        if (!IPAddress.TryParse(entry, out var exact) && entry.LastIndexOf(':') is var colon and > 0 && !entry.EndsWith(']'))
        {
            if (entry[(colon + 1)..] != port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                return false;
            }

            entry = entry[..colon];
        }

        if (address is not null)
        {
            return (exact ?? (IPAddress.TryParse(entry.Trim('[', ']'), out var ip) ? ip : null))?.Equals(address) == true;
        }

        var suffix = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[1..] : entry;
        return suffix.StartsWith('.')
            ? host.EndsWith(suffix, StringComparison.Ordinal)
            : host == suffix || host.EndsWith("." + suffix, StringComparison.Ordinal);
    }
}
