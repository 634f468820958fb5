using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Shared;

/// <summary>
/// What an address means, for each integration that reads one: the named or numbered port, else the one named like a scheme, else the only
/// one, else an error that lists the ports. Never the first one.
/// </summary>
internal static class PortRule
{
    private const string NoHttp = "no port named 'http', and not exactly one port. Its ports: grpc 7/TCP, metrics 9090/TCP";

    /// <summary>Gets a Service for each row: its name, the address, its ports, and the URI or a part of the error.</summary>
    public static IReadOnlyList<(string Service, string Address, EndpointSlice Slice, string Expected)> Rows { get; } =
    [
        .. new (string Prefix, string Suffix, string[] Ports, string Expected)[]
        {
            ("http://", "", ["grpc 7", "http 8080", "metrics 9090"], "http 8080"),
            ("http://_metrics.", "", ["grpc 7", "http 8080", "metrics 9090"], "http 9090"),
            ("http://", ":9090", ["grpc 7", "http 8080", "metrics 9090"], "http 9090"),
            ("http://", "", ["web 8000"], "http 8000"),
            ("https://", "", ["web 8000"], "https 8000"),
            ("https://", "", ["grpc 7", "https 8443"], "https 8443"),
            ("https+http://", "", ["http 8080", "https 8443"], "https 8443"),
            ("http+https://", "", ["http 8080", "https 8443"], "http 8080"),
            ("https+http://", "", ["grpc 7", "http 8080"], "http 8080"),
            ("https+http://", "", ["web 8000"], "http 8000"),
            ("https+http://_web.", "", ["grpc 7", "web 8000"], "http 8000"),
            ("https+http://_web.", "", ["https 8443", "web 8000"], "http 8000"),
            ("https+http://_https.", "", ["http 8080", "https 8443"], "https 8443"),
            ("https+http://", ":8443", ["http 8080", "https 8443"], "https 8443"),
            ("http://", "", ["grpc 7", "metrics 9090"], NoHttp),
            ("https+http://", "", ["grpc 7", "metrics 9090"], NoHttp),
            ("http://_web.", "", ["grpc 7"], "no port named 'web'. Its ports: grpc 7/TCP"),
        }.Select((row, i) => Row($"row-{i}", row.Prefix, row.Suffix, row.Ports, row.Expected)),
    ];

    private static (string, string, EndpointSlice, string) Row(
        string service, string prefix, string suffix, string[] ports, string expected)
    {
        var slice = ports.Select(port => port.Split(' ')).Aggregate(
            Slice.Of(service, service, @namespace: "prod"), (slice, port) => slice.WithPort(int.Parse(port[1], null), port[0]));
        return (service, $"{prefix}{service}{suffix}", slice.With($"{service}-pod", "10.0.0.1"),
            expected.Split(' ') is [var scheme, var number] ? $"{scheme}://10.0.0.1:{number}/" : expected);
    }
}
