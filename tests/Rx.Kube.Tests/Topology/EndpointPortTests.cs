using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>The port and the address that a client uses.</summary>
public sealed class EndpointPortTests
{
    private static readonly EndpointPort _http = new("http", 8080);
    private static readonly EndpointPort _metrics = new("metrics", 9090);

    [Fact]
    public void A_named_port_has_the_number_of_its_slice()
    {
        Assert.Equal(9090, Endpoint("10.0.0.1", _http, _metrics).PortOf("metrics"));
        Assert.Equal(53, Endpoint("10.0.0.1", new("dns", 53, "UDP"), new("dns", 53)).PortOf("dns"));
        Assert.Equal(80, Endpoint("10.0.0.1", new EndpointPort("", 80)).PortOf(""));
    }

    [Theory]
    [InlineData("10.0.0.1", "http://10.0.0.1:8080/")]
    [InlineData("fd00::1", "http://[fd00::1]:8080/")]
    [InlineData("cache-0.example.com", "http://cache-0.example.com:8080/")]
    public void The_address_has_the_port_of_the_scheme_and_brackets_where_they_are_needed(string address, string expected) =>
        Assert.Equal(expected, Endpoint(address, _http, _metrics).ToUri("http").AbsoluteUri);

    [Fact]
    public void The_named_port_comes_first_then_that_of_the_scheme_then_the_only_one()
    {
        Assert.Equal("http://10.0.0.1:9090/", Endpoint("10.0.0.1", _http, _metrics).ToUri("http", "metrics").AbsoluteUri);
        Assert.Equal("https://10.0.0.1:9090/", Endpoint("10.0.0.1", _metrics).ToUri("https").AbsoluteUri);
        Assert.Equal("grpc://10.0.0.1:53/", Endpoint("10.0.0.1", new("dns", 53, "UDP"), new("dns-tcp", 53)).ToUri("grpc").AbsoluteUri);
    }

    [Fact]
    public void A_number_is_a_port_with_this_number_whatever_its_name()
    {
        Assert.Equal("http://10.0.0.1:9090/", Endpoint("10.0.0.1", _http, _metrics).ToUri("http", "9090").AbsoluteUri);
        Assert.Equal(8080, Endpoint("10.0.0.1", _http, _metrics).PortOf("8080"));
        Assert.Throws<InvalidOperationException>(() => Endpoint("10.0.0.1", _http).ToUri("http", "80"));
        Assert.Throws<InvalidOperationException>(() => Endpoint("10.0.0.1", _http).PortOf("70000"));
    }

    [Fact]
    public void An_error_lists_the_ports_that_there_are()
    {
        var endpoint = Endpoint("10.0.0.1", _http, _metrics);
        Assert.Equal(
            "Endpoint cache-0 has no port named 'grpc', and not exactly one port. Its ports: http 8080/TCP, metrics 9090/TCP. "
            + "To fix: pass one of these names.",
            Assert.Throws<InvalidOperationException>(() => endpoint.ToUri("grpc")).Message);
        Assert.StartsWith(
            "Endpoint cache-0 has no port named 'grpc'. Its ports:",
            Assert.Throws<InvalidOperationException>(() => endpoint.PortOf("grpc")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "it has none", Assert.Throws<InvalidOperationException>(() => Endpoint("10.0.0.1").ToUri("http")).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Endpoint("10.0.0.1", _metrics).ToUri("http", "http"));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var endpoint = Endpoint("10.0.0.1", _http);
        Assert.Throws<ArgumentNullException>(() => endpoint.PortOf(null!));
        Assert.Throws<ArgumentNullException>(() => endpoint.ToUri(null!));
        Assert.Throws<ArgumentException>("scheme", () => endpoint.ToUri("http://"));
    }

    private static TopologyEndpoint Endpoint(string address, params EndpointPort[] ports) =>
        Last(Listed("1", Slice("a", Pod("cache-0", address)) with { Ports = [.. ports] })).Endpoints[0];
}
