using System.Text;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A server that ignores the selector of a request sends what was not asked for: it is ignored, and the stream goes on.</summary>
public sealed class SelectorTests
{
    [Fact]
    public void Slices_of_other_Services_and_namespaces_are_ignored_where_one_Service_was_asked_for()
    {
        var clock = new VirtualClock();
        var (ours, other) = (Slice.Of("a", "cache", 15).With("cache-0", "10.0.0.1"), Slice.Of("b", "web", 16).With("web-0", "10.0.0.2"));
        var http = new ScriptedHttp(clock)
        {
            Responses =
            [
                ScriptedResponse.Of(SliceJson.List("17", other, ours)),
                new("-1-2", key => Encoding.UTF8.GetBytes(key == '1'
                    ? SliceJson.Added(Slice.Of("c", "web", 18).With("web-1", "10.0.0.3"))
                    : SliceJson.Modified(Slice.Of("a", "cache", 19).With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.4")))),
            ],
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var seen = new List<string>();
        using var watching = kube.EndpointSlices("default", service: "cache")
            .Resume(ResumeOptions.WithoutJitter with { StreamingLists = false }, clock).ToTopology()
            .Subscribe(t => seen.Add($"{t.Members}"), error => seen.Add(error.Message));
        clock.AdvanceTo(TimeSpan.FromSeconds(1));

        Assert.Equal(["cache-0", "cache-0", "cache-0, cache-1"], seen);
    }
}
