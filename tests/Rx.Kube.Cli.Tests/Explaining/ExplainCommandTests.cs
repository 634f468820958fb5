using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Explaining;

public class ExplainCommandTests
{
    private static readonly Rx.Kube.Models.Endpoint[] _pods =
    [
        Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", ready: false), Pod("cache-2", "10.0.0.3", zone: "b"),
        Pod("cache-3", "10.0.0.4"), Pod("cache-4", "10.0.0.5", zone: "c", terminating: true),
    ];

    [Fact]
    public async Task Text_equals_its_golden_file() => Golden.Matches("explain.txt", await RunAsync(_pods, "user:42", "--replicas", "4"));

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_the_explanation(int width, int height)
    {
        var pictures = new List<string>();
        foreach (var (what, pods) in new[] { ("four replicas", _pods), ("no members", []) })
        {
            var host = new FakeHost { IsTerminal = true, Size = (width, height) };
            var run = host.RunAsync("explain", "cache", "user:42", "--replicas", "4", "--color", "never");
            host.Emit(Listed("17", pods));
            Assert.Equal(ExitCode.Stopped, await run);
            pictures.Add(TerminalPicture.Of(what, host.Error + host.Out, width, height));
        }

        Golden.Matches($"explain-{width}x{height}.txt", string.Join('\n', pictures));
    }

    [Fact]
    public async Task Json_equals_its_golden_file() =>
        Golden.Matches("explain.json", await RunAsync(_pods, "user:42", "--replicas", "4", "-o", "json"));

    [Fact]
    public async Task A_single_replica_has_no_replica_list() =>
        Assert.DoesNotContain("replicas", await RunAsync(_pods, "user:42"), StringComparison.Ordinal);

    [Fact]
    public async Task More_replicas_than_members_are_reported_as_missing()
    {
        Assert.EndsWith(
            "7 replicas requested, but there are only 5 members\n",
            await RunAsync(_pods, "user:42", "--replicas", "7"),
            StringComparison.Ordinal);
        Assert.EndsWith("\"missing\":2}\n", await RunAsync(_pods, "user:42", "--replicas", "7", "-o", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_with_no_or_one_member_is_explained()
    {
        Assert.Contains("owner        none", await RunAsync([], "k"), StringComparison.Ordinal);
        Assert.Contains("\"token\":null,", await RunAsync([], "k", "-o", "json"), StringComparison.Ordinal);
        Assert.Contains("if it left   none", await RunAsync(_pods[..1], "k"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_token_range_and_replicas_of_every_key_equal_those_of_the_ring()
    {
        var ring = HashRing.Create(_pods, p => p.Hostname!, zone: p => p.Zone, layout: RingLayout.Native(8));
        var reasons = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            var key = $"key-{i}";
            var json = JsonDocument.Parse(await RunAsync(_pods, key, "--tokens", "8", "--replicas", "4", "-o", "json")).RootElement;
            var hash = KeyHash.Of(key);
            var replicas = new Rx.Kube.Models.Endpoint[4];
            ring.GetReplicas(hash, replicas);
            Assert.Equal(hash.ToString(), Text(json, "hash"));
            Assert.Equal(new KeyHash(ring.Fingerprint).ToString(), Text(json, "fingerprint"));
            Assert.Equal(replicas.Select(r => r.Hostname), json.GetProperty("replicas").EnumerateArray().Select(r => Text(r, "member")));
            Assert.Equal(
                replicas.Select(r => r.Ready == true),
                json.GetProperty("replicas").EnumerateArray().Select(r => r.GetProperty("ready").GetBoolean()));
            Assert.Equal(replicas[0].Hostname, Text(json, "owner"));
            ring.Without(replicas[0]).TryGetOwner(hash, out var next);
            Assert.Equal(next!.Hostname, Text(json, "ownerIfItLeft"));

            var range = ring.RangeOf(hash);
            Assert.Equal(new KeyHash(range.Last).ToString(), Text(json.GetProperty("range"), "last"));
            var token = ulong.Parse(
                Text(json, "token")!, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(ring.TryGetOwner(new KeyHash(token), out var owner));
            Assert.Equal(replicas[0].Hostname, owner.Hostname);
            Assert.True(token >= hash.Value || range.Last == ulong.MaxValue);
            reasons.UnionWith(json.GetProperty("replicas").EnumerateArray().Select(r => Text(r, "why")!));
        }

        Assert.Equal(["next", "owner", "zone spread"], reasons.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_after_the_last_token_belongs_to_the_first_token()
    {
        var ring = HashRing.Create(["cache-0", "cache-2"], RingLayout.Native(1));
        var last = ring.RangeOf(new KeyHash(ulong.MaxValue));
        var key = Enumerable.Range(0, 1000).Select(i => $"key-{i}").First(k => last.Contains(k));
        var text = await RunAsync([_pods[0], _pods[2]], key, "--tokens", "1");
        Assert.Contains($"token        {new KeyHash(ring.RangeOf(default).Last)} of ", text, StringComparison.Ordinal);
        Assert.Contains("the first token of the ring", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_and_keys_do_not_reach_the_terminal()
    {
        foreach (var format in new[] { "text", "json" })
        {
            var text = await RunAsync(
                [Pod("\e[31m\n+ forged", "10.0.0.1", zone: "\u009bz")], "\e[2Jkey\u202e", "--replicas", "2", "-o", format);
            Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
            Assert.DoesNotContain("\n+ forged", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_wait_for_a_complete_snapshot_ends_with_the_timeout()
    {
        var host = new FakeHost();
        var run = host.RunAsync("explain", "cache", "k", "--timeout", "5s");
        host.Emit(Interrupted(FakeHost.Start, 1));
        host.AdvanceBy(6);
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Equal("", host.Out);
    }

    private static async Task<string> RunAsync(Rx.Kube.Models.Endpoint[] pods, string key, params string[] options)
    {
        var host = new FakeHost();
        var run = host.RunAsync(["explain", "cache", .. options, "--", key]);
        host.Emit(Interrupted(FakeHost.Start, 1), Listed("17", pods));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.False(host.Events.HasObservers);
        return host.Out;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
