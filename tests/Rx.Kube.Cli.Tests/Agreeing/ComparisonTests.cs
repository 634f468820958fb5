using Rx.Kube.Cli.Agreeing;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Agreeing;

public class ComparisonTests
{
    private static readonly Uri _process = new("http://10.1.0.1:8080/rxkube");

    [Theory]
    [InlineData("7", "6.0")] // saw the list, and not the change at 4 s
    [InlineData("8", "2.0")] // saw that, and not the one at 8 s
    [InlineData("5", null)] // was behind before
    [InlineData("opaque", null)]
    public void A_process_is_behind_since_the_first_newer_state(string version, string? seconds)
    {
        var server = new ServerHistory();
        var snapshots = Snapshots(
            Listed("7", Pod("cache-0", "10.0.0.1")), Modified("8", Pod("cache-0", "10.0.0.2")), Modified("9", Pod("cache-0", "10.0.0.3")));
        foreach (var (index, snapshot) in snapshots.Index())
        {
            server.Add(FakeHost.Start.AddSeconds(4 * index), snapshot);
        }

        var belief = Belief.Read($"{FakeProcesses.Belief(version, ["cache-9"])}", text => text).Single();
        var verdict = Comparison.WithServer([(_process, belief)], server, FakeHost.Start.AddSeconds(10)).Single();

        Assert.Equal(version == "opaque" ? Agreement.Differs : Agreement.Behind, verdict.State);
        Assert.Equal(seconds, verdict.Behind?.TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(
            (seconds, version) switch
            {
                (null, "opaque") => "lacks cache-0; still has cache-9",
                (null, _) => "behind, the API server is at version 9; lacks cache-0; still has cache-9",
                _ => $"behind by {seconds[..1]}s, the API server is at version 9; lacks cache-0; still has cache-9",
            },
            verdict.Text);
    }

    [Fact]
    public void Endpoints_that_a_process_does_not_tell_are_not_compared_but_counted()
    {
        var server = new ServerHistory();
        var list = Listed("7", [.. Enumerable.Range(0, 6).Select(i => Pod($"cache-{i}", $"10.0.0.{i + 1}"))]);
        server.Add(FakeHost.Start, Snapshots(list)[^1]);
        var json = FakeProcesses.Belief("7", [.. Enumerable.Range(0, 6).Select(i => $"cache-{i}")]);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            json["endpoints"]!.AsArray().RemoveAt(3);
        }

        Assert.Equal(Agreement.Agrees, Verdict().State);
        json["endpointCount"] = 5;
        Assert.Equal((Agreement.Differs, "has 5 endpoints, the API server has 6"), (Verdict().State, Verdict().Text));

        Verdict Verdict() => Comparison.WithServer([(_process, Belief.Read($"{json}", text => text).Single())], server, FakeHost.Start)[0];
    }

    [Theory]
    [InlineData("HashRing/1(160)", 5, true)]
    [InlineData("HashRing/1(65536)", 5, true)]
    [InlineData("HashRing/1(65536)", 127, true)]
    [InlineData("HashRing/1(65536)", 128, true)] // 8,388,608 tokens
    [InlineData("HashRing/1(65536)", 129, false)]
    [InlineData("RingHash/1(1024, 8388607)", 5, true)]
    [InlineData("RingHash/1(1024, 8388608)", 5, true)]
    [InlineData("RingHash/1(1024, 8388609)", 5, false)]
    [InlineData("HashRing/1(2147483647)", 1, false)]
    [InlineData("RingHash/1(2000000000, 2000000000)", 5, false)]
    [InlineData("Maglev/1(65537)", 5, false)]
    [InlineData("", 5, false)]
    [InlineData("HashRing/1(160", 5, false)]
    public void A_layout_is_found_by_its_text_if_its_ring_is_not_too_large(string text, int members, bool isFound) =>
        Assert.Equal(isFound ? text : null, Layouts.Of(text, members)?.ToString());

    [Fact]
    public void Every_layout_is_found_by_its_text() => Assert.All(
        [RingLayout.Default, RingLayout.Envoy(), RingLayout.Grpc(), .. Enum.GetValues<KetamaVariant>().Select(RingLayout.Ketama)],
        layout => Assert.Equal(layout.ToString(), Layouts.Of(layout.ToString(), 5)?.ToString()));
}
