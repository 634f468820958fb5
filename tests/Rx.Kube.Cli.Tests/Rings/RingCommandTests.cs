using System.Globalization;
using System.Reactive;
using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Rings;

public class RingCommandTests
{
    private static readonly Rx.Kube.Models.Endpoint[] _three =
        [Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", zone: "b"), Pod("cache-2", "10.0.0.3", zone: "c")];

    [Fact]
    public async Task Text_has_the_ring_and_then_a_line_per_change() =>
        Golden.Matches("ring.txt", await ScenarioAsync("text", "--self", "cache-1"));

    [Theory]
    [InlineData("cahce-1", "Did you mean cache-1 or cache-0 or cache-2?")]
    [InlineData("zzz", "Members: cache-0, cache-1, cache-2.")]
    public async Task A_self_that_is_not_a_member_is_reported_once_with_the_names_near_it(string self, string expected)
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", "json", "--self", self);
        host.Emit(Interrupted(FakeHost.Start, 1));
        var before = host.Error;
        host.Emit(Listed("1", _three), Modified("2", _three[1..]));
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal($"rxkube: --self '{self}' is not a member of cache. {expected}\n", host.Error[before.Length..]);
    }

    [Fact]
    public async Task A_self_that_is_a_member_is_not_reported()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "--self", "cache-1");
        host.Emit(Listed("1", _three), Modified("2", _three[..1]));
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
    }

    [Fact]
    public async Task The_live_ring_has_a_self_that_is_not_a_member_in_its_log()
    {
        var host = new FakeHost { IsTerminal = true, Size = (120, 24) };
        var run = host.RunAsync("ring", "cache", "--self", "cahce-1");
        host.Emit(Listed("1", _three));
        host.AdvanceBy(1);
        Assert.Contains(
            "? --self 'cahce-1' is not a member of cache. Did you mean cache-1", Screen.After(host.Out).ToString(),
            StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Fact]
    public async Task A_flap_and_a_new_address_give_no_line_in_any_format()
    {
        foreach (var format in new[] { "text", "json", "table" })
        {
            var host = new FakeHost();
            var run = host.RunAsync("ring", "cache", "-o", format);
            host.Emit(Listed("1", _three));
            var before = host.Out;
            host.Emit(
                Modified("2", [Pod("cache-0", "10.0.0.1", ready: false), .. _three[1..]]), Modified("3", _three),
                Modified("4", [Pod("cache-0", "10.0.0.9", uid: "2"), .. _three[1..]]));
            Assert.Equal(before, host.Out);
            Assert.NotEqual("", before);
            host.Stop.OnNext(Unit.Default);
            Assert.Equal(ExitCode.Stopped, await run);
            Assert.True(host.IsClosed);
        }
    }

    [Fact]
    public async Task A_ring_whose_members_stop_being_ready_says_so()
    {
        var (one, none) = (Pod("cache-0", "10.0.0.1", ready: false), Pod("cache-1", "10.0.0.2", ready: false, zone: "b"));
        var text = await Run("text");
        Assert.Equal(
            [
                "= live at version 2: 2 members, none ready", "= live at version 3: 2 members, 1 endpoint ready",
                "! stale: connection refused (10.0.0.1:6443); next attempt in 1.0s",
                "= live at version 4, was stale for 2s: 2 members, none ready",
                "= live at version 6: 1 member, 1 endpoint ready", "~ left cache-1;",
            ],
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(3)
                .Select(line => line.Split(' ', 2)[1].Split(" moved")[0]));

        var lines = (await Run("json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        Assert.Equal(
            ["ready", "noneReady", "ready", "ready", "noneReady", "ready"], lines.Select(l => l.GetProperty("presence").GetString()));
        Assert.All(lines[1..^1], l => Assert.Empty(l.GetProperty("moves").EnumerateArray()));

        var tables = (await Run("table")).Split("cache in prod").Skip(1).ToList();
        Assert.Equal(
            [false, true, false, false, true, false],
            tables.Select(t => t.Contains("members, none ready · ", StringComparison.Ordinal)));

        async Task<string> Run(string format)
        {
            var host = new FakeHost();
            var run = host.RunAsync("ring", "cache", "-o", format);
            host.Emit(Listed("1", _three[..2]), Modified("2", one, none), Modified("3", one, _three[1]));
            host.Emit(Interrupted(host.Clock.Now, 1));
            host.AdvanceBy(2);
            host.Emit(Listed("4", one, none), Modified("5", one, none), Modified("6", _three[0]));
            host.Stop.OnNext(Unit.Default);
            Assert.Equal(ExitCode.Stopped, await run);
            return host.Out;
        }
    }

    [Fact]
    public async Task The_live_ring_has_in_its_log_when_no_member_is_ready_any_more()
    {
        var host = new FakeHost { IsTerminal = true, Size = (120, 24) };
        var run = host.RunAsync("ring", "cache");
        host.Emit(Listed("1", _three[..1]), Modified("2", Pod("cache-0", "10.0.0.1", ready: false)));
        host.AdvanceBy(1);
        var screen = Screen.After(host.Out).ToString();
        Assert.Contains("1 member, none ready · ", screen, StringComparison.Ordinal);
        Assert.Contains("= live at version 2: 1 member, none ready", screen, StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Fact]
    public async Task Json_is_a_line_per_ring_and_its_moves_applied_one_after_the_other_give_every_owner()
    {
        var lines = (await ScenarioAsync("json", "--self", "cache-1"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        Assert.Equal(["live", "live", "live", "live", "stale", "live"], lines.Select(l => l.GetProperty("freshness").GetString()));
        Assert.Equal(
            [
                "service", "version", "freshness", "presence", "fingerprint", "algorithm", "members", "moved", "ideal", "needless", "moves",
                "self",
            ],
            lines[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("HashRing/1(160)", lines[0].GetProperty("algorithm").GetString());

        var owners = new OwnerMap();
        foreach (var line in lines)
        {
            var members = line.GetProperty("members").EnumerateArray().ToList();
            var ring = HashRing.Create(
                members, m => m.GetProperty("member").GetString()!, zone: m => m.GetProperty("zone").GetString());
            var moved = owners.Apply(line.GetProperty("moves"));
            Assert.Equal((double)moved / Math.Pow(2, 64), line.GetProperty("moved").GetDouble(), 15);
            Assert.Equal(new KeyHash(ring.Fingerprint).ToString(), line.GetProperty("fingerprint").GetString());
            Assert.Equal(1, members.Sum(m => m.GetProperty("share").GetDouble()), 12);
            Assert.All(members, m => Assert.Equal(1.0 / members.Count, m.GetProperty("ideal").GetDouble(), 15));
            for (var key = 0L; key < 2000; key++)
            {
                Assert.True(ring.TryGetOwner(key, out var owner));
                Assert.Equal(owner.GetProperty("member").GetString(), owners.OwnerOf(KeyHash.Of(key)));
            }
        }

        var (joins, self) = (lines[1], lines[1].GetProperty("self"));
        Assert.Equal(0, joins.GetProperty("needless").GetDouble());
        Assert.Equal(0.25, joins.GetProperty("ideal").GetDouble(), 15);
        Assert.All(joins.GetProperty("moves").EnumerateArray(), m => Assert.Equal("cache-3", m.GetProperty("to").GetString()));
        Assert.Equal(
            OwnerMap.Length(joins.GetProperty("moves").EnumerateArray().Where(m => m.GetProperty("from").GetString() == "cache-1")),
            OwnerMap.Length(self.GetProperty("lost").GetProperty("ranges").EnumerateArray()));
        Assert.Equal(0, self.GetProperty("gained").GetProperty("share").GetDouble());
        Assert.Equal(0, lines[4].GetProperty("moved").GetDouble());
        Assert.Equal("connection refused (10.0.0.1:6443)", lines[4].GetProperty("cause").GetString());
    }

    [Fact]
    public async Task With_replicas_a_change_of_zone_moves_replicas_and_no_owner()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", "json", "--replicas", "2", "--tokens", "16");
        host.Emit(Listed("1", _three), Modified("2", [.. _three[..2], Pod("cache-2", "10.0.0.3", zone: "b")]));
        host.Stop.OnNext(Unit.Default);
        await run;

        var lines = host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, l => Assert.Equal("HashRing/1(16)", l.GetProperty("algorithm").GetString()));
        Assert.Equal(UInt128.One << 65, OwnerMap.Length(lines[0].GetProperty("moves").EnumerateArray())); // each rank covers all hashes
        Assert.NotEmpty(lines[1].GetProperty("moves").EnumerateArray());
        Assert.All(lines[1].GetProperty("moves").EnumerateArray(), m => Assert.Equal(1, m.GetProperty("rank").GetInt32()));
        Assert.NotEqual(lines[0].GetProperty("fingerprint").GetString(), lines[1].GetProperty("fingerprint").GetString());
    }

    [Fact]
    public async Task A_service_without_members_has_an_empty_ring()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", "json");
        host.Emit(Listed("1"), Modified("2", _three[0]), Modified("3"));
        host.Stop.OnNext(Unit.Default);
        await run;

        var lines = host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        Assert.Equal([0, 1, 0], lines.Select(l => l.GetProperty("members").GetArrayLength()));
        Assert.Equal(
            """[{"first":"0000000000000000","last":"ffffffffffffffff","length":"18446744073709551616","from":""" +
            """null,"to":"cache-0","rank":0}]""",
            lines[1].GetProperty("moves").GetRawText());
        Assert.Equal(
            """[{"first":"0000000000000000","last":"ffffffffffffffff","length":"18446744073709551616","from":"cache-0","to":""" +
            """null,"rank":0}]""",
            lines[2].GetProperty("moves").GetRawText());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Hostile_names_do_not_reach_the_terminal(string format)
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", format, "--self", "\e[2Jself");
        host.Emit(
            Listed("1\e", Pod("\e[31m\n+ forged", "10.0.0.1", zone: "\u009bz")),
            Modified("2", Pod("\u202ex", "10.0.0.2", zone: "\r\nz")));
        host.Stop.OnNext(Unit.Default);
        await run;
        Assert.NotEqual("", host.Out);
        Assert.DoesNotContain(host.Out, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotContain("\n+ forged", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_self_that_is_not_a_member_is_reported()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", "text", "--self", "cache-9");
        host.Emit(Listed("1", _three), Modified("2", _three[..2]));
        host.Stop.OnNext(Unit.Default);
        await run;
        Assert.EndsWith("; cache-9 is not on the ring\n", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_is_too_large_exits_with_two_and_the_fix()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "--tokens", "65536");
        host.Emit(Listed("1", [.. Enumerable.Range(0, 1025).Select(i => Pod($"cache-{i}", $"10.0.{i / 250}.{i % 250}"))]));
        Assert.Equal(ExitCode.Usage, await run);
        Assert.StartsWith("rxkube: The ring cannot be built: ", host.Error, StringComparison.Ordinal);
        Assert.Contains("To fix: use fewer --tokens", host.Error, StringComparison.Ordinal);
        Assert.True(host.IsClosed);
    }

    [Theory]
    [InlineData("text", "= live at version 1: 3 members, HashRing/1(160), fingerprint ")]
    [InlineData("json", "{\"service\":\"prod/cache\",\"version\":\"1\"")]
    [InlineData("table", "cache in prod · version 1")]
    public async Task Once_prints_the_first_complete_ring_and_exits_with_zero(string format, string expected)
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "--once", "-o", format);
        host.Emit(Interrupted(FakeHost.Start, 1));
        Assert.Equal("", host.Out);
        host.Emit(Listed("1", _three));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Contains(expected, host.Out, StringComparison.Ordinal);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task The_exit_codes_equal_those_of_watch()
    {
        var late = new FakeHost();
        var run = late.RunAsync("ring", "cache", "--timeout", "5s");
        late.AdvanceBy(6);
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains("no complete snapshot within 5s", late.Error, StringComparison.Ordinal);

        var refused = new FakeHost();
        run = refused.RunAsync("ring", "cache");
        refused.Events.OnError(new KubeConfigurationException("no"));
        Assert.Equal(ExitCode.Cluster, await run);
    }

    private static async Task<string> ScenarioAsync(string format, params string[] more)
    {
        var host = new FakeHost();
        var run = host.RunAsync(["ring", "cache", "-o", format, .. more]);
        host.Emit(Listed("10", _three));
        host.AdvanceBy(2);
        host.Emit(Modified("11", [.. _three, Pod("cache-3", "10.0.0.4")]));
        host.AdvanceBy(1);
        host.Emit(Modified("12", [Pod("cache-0", "10.0.0.1", ready: false), .. _three[1..], Pod("cache-3", "10.0.0.4")]));
        host.Emit(Modified("13", [.. _three[1..], Pod("cache-3", "10.0.0.4"), Pod("cache-4", "10.0.0.5", zone: "b")]));
        host.AdvanceBy(1);
        host.Emit(Modified("14", [
            Pod("cache-1", "10.0.0.2", zone: "c"), _three[2], Pod("cache-3", "10.0.0.4"), Pod("cache-4", "10.0.0.5", zone: "b")]));
        host.AdvanceBy(1);
        host.Emit(Interrupted(host.Clock.Now, 0.8), Interrupted(host.Clock.Now, 1.6, since: host.Clock.Now));
        host.AdvanceBy(3);
        host.Emit(Resumed);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
        return host.Out;
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement.Clone();

    /// <summary>Tracks the owner of every hash from the moves in the JSON lines.</summary>
    private sealed class OwnerMap
    {
        private readonly List<(ulong First, ulong Last, string? Owner)> _ranges = [(0, ulong.MaxValue, null)];

        public UInt128 Apply(JsonElement moves)
        {
            foreach (var move in moves.EnumerateArray())
            {
                var (first, last) = (Hash(move, "first"), Hash(move, "last"));
                var hit = _ranges.Where(r => r.First <= last && r.Last >= first).ToList();
                Assert.All(hit, r => Assert.Equal(move.GetProperty("from").GetString(), r.Owner));
                Assert.Equal((UInt128)(last - first) + 1, Length([move]));
                _ranges.RemoveAll(hit.Contains);
                _ranges.AddRange(hit.Where(r => r.First < first).Select(r => (r.First, first - 1, r.Owner)));
                _ranges.AddRange(hit.Where(r => r.Last > last).Select(r => (last + 1, r.Last, r.Owner)));
                _ranges.Add((first, last, move.GetProperty("to").GetString()));
            }

            return Length(moves.EnumerateArray());
        }

        public string? OwnerOf(KeyHash key) => _ranges.Single(r => r.First <= key.Value && key.Value <= r.Last).Owner;

        public static UInt128 Length(IEnumerable<JsonElement> ranges) => ranges.Aggregate(
            UInt128.Zero, (sum, r) => sum + UInt128.Parse(r.GetProperty("length").GetString()!, CultureInfo.InvariantCulture));

        private static ulong Hash(JsonElement range, string name) =>
            ulong.Parse(range.GetProperty(name).GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
