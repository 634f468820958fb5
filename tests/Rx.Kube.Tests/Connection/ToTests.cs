using System.Reactive.Linq;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Connection;

/// <summary>A server that asks for no credentials needs one line.</summary>
public sealed class ToTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_slice_goes_into_the_simulator_in_one_call_and_comes_out_of_a_connection_to_its_address()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Slice.Of("cache-abc", "cache", @namespace: "prod").With("cache-0", "10.0.0.1").Manifest());
        using var kube = KubeConnection.To(server.Url, new() { Namespace = "prod" });

        var first = await kube.EndpointSlices(service: "cache").Resume().ToTopology().FirstSyncedAsync(_patience);

        Assert.Equal(["cache-0"], first.Members);
        Assert.Equal("prod", kube.Namespace);
    }

    [Fact]
    public async Task Nothing_is_found_within_the_timeout_where_no_server_is()
    {
        var server = await ApiServerSimulator.StartAsync();
        await server.DisposeAsync();
        using var kube = KubeConnection.To(server.Url);

        var error = await Assert.ThrowsAsync<FirstSyncTimeoutException>(
            () => kube.EndpointSlices().Resume().ToClusterTopology().FirstSyncedAsync(TimeSpan.FromSeconds(1.5)));

        Assert.Equal(InterruptionKind.Unreachable, error.Interruption!.Kind);
        Assert.Contains(server.Url.Authority, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://kube")]
    [InlineData("https://me:secret@kube")]
    [InlineData("kube")]
    public void An_address_that_is_no_server_is_refused(string address) =>
        Assert.Throws<ArgumentException>("server", () => KubeConnection.To(new Uri(address, UriKind.RelativeOrAbsolute)));
}
