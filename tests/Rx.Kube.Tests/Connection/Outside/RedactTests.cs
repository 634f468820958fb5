using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Connection.Outside;

/// <summary>What a connection removes from a text that is kept, such as a recording.</summary>
public sealed class RedactTests
{
    private const string Token = "eyJhbGciOi-a-token-of-this-connection";

    [Fact]
    public void The_credentials_that_a_connection_has_used_are_removed_and_nothing_else_changes()
    {
        var clock = new VirtualClock();
        using var client = new HttpClient(new ScriptedHttp(clock) { Responses = [ScriptedResponse.Of(SliceJson.List("17"))] })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using var kube = KubeConnection.From(client, new Uri("https://kube"), (request, _) =>
        {
            request.Headers.Authorization = new("Bearer", Token);
            return Task.CompletedTask;
        }, new() { Scheduler = clock });
        using var listing = kube.EndpointSlices("prod").List().Subscribe();
        clock.Start();

        var text = "a\u001b text of any length" + new string('x', 100_000);
        Assert.Same(text, kube.Redact(text));
        Assert.Equal("before *** after", kube.Redact($"before {Token} after"));
        Assert.DoesNotContain("of-this-conn", kube.Redact($"a piece: {Token[^20..]}"), StringComparison.Ordinal);
    }
}
