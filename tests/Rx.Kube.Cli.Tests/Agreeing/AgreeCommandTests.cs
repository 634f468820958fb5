using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.Agreeing;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;
using static Rx.Kube.Cli.Tests.Harness.FakeProcesses;

namespace Rx.Kube.Cli.Tests.Agreeing;

public class AgreeCommandTests
{
    private const string A = "http://10.1.0.1:8080/rxkube";
    private const string B = "http://10.1.0.2:8080/rxkube";
    private const string C = "http://10.1.0.3:8080/rxkube";

    private static readonly string[] _two = ["cache-0", "cache-1"];
    private static readonly string[] _three = ["cache-0", "cache-1", "cache-2"];

    private static readonly WatchEvent<EndpointSlice> _list = Listed(
        "7", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"), Pod("cache-2", "10.0.0.3"));

    [Fact]
    public async Task Processes_that_believe_what_the_server_says_agree()
    {
        var processes = new FakeProcesses().Tell(A, Belief("7", _three)).Tell(B, Belief("7", _three));
        var (code, host) = await RunAsync(processes, _list, "10.1.0.1:8080", B);

        Assert.Equal(ExitCode.Stopped, code);
        Assert.Equal(
            "prod/cache: 2 of 2 processes agree with the API server, which is at version 7\n" +
            $"✓ {A}  live, version 7\n✓ {B}  live, version 7\n",
            host.Out);
        Assert.Equal([$"GET {A}", $"GET {B}"], processes.Requests);
        Assert.True(host.IsClosed);
    }

    [Fact]
    public async Task Stopped_before_all_have_answered_is_no_agreement()
    {
        var host = new FakeHost { Processes = new FakeProcesses().Tell(A, Belief("7", _three)) };
        var code = await RunAsync(host, [A], h => h.Stop.OnNext(default)); // the API server has not answered

        Assert.Equal((ExitCode.Failed, ""), (code, host.Out));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_bytes_of_an_answer_are_limited(int beyond)
    {
        var body = $"{Belief("7", _three)}".PadRight(ProcessClient.MaxBytes + beyond);
        var (code, host) = await RunAsync(new FakeProcesses().Answer(A, body), _list, A);

        Assert.Equal(beyond <= 0 ? ExitCode.Stopped : ExitCode.Failed, code);
        Assert.Equal(beyond > 0, host.Out.Contains("16777216", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_who_disagrees(int width, int height)
    {
        const string Far = "http://cache-3.cache.prod.svc.cluster.local:8080/rxkube";
        var processes = new FakeProcesses().Tell(A, Belief("7", _three))
            .Tell(B, Belief("5", ["cache-0", "cache-1", "cache-9"], "stale", age: 252, cause: "10.0.0.1:6443 refuses connections"))
            .Tell(C, Belief("7", _three, "stale", age: 61, cause: "10.0.0.1:6443 refuses connections"))
            .Answer(Far, "<html>404 page not found</html>");
        var host = new FakeHost { Processes = processes, IsTerminal = true, Size = (width, height) };
        await RunAsync(host, [A, B, C, Far, "--color", "never"], h => h.Emit(_list));
        Golden.Matches($"agree-{width}x{height}.txt", TerminalPicture.Of("a report", host.Error + host.Out, width, height));
    }

    [Fact]
    public async Task An_older_version_with_the_same_members_agrees()
    {
        var (code, host) = await RunAsync(new FakeProcesses().Tell(A, Belief("3", _three)), _list, A);
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains($"✓ {A}  live, version 3\n", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_catches_up_in_time_agrees()
    {
        var processes = new FakeProcesses().Tell(A, Belief("5", _two), Belief("5", _two), Belief("7", _three)).Tell(B, Belief("7", _three));
        var (code, host) = await RunAsync(processes, _list, A, B);

        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains("2 of 2 processes agree", host.Out, StringComparison.Ordinal);
        Assert.Equal(3, processes.Requests.Count(r => r.EndsWith(A, StringComparison.Ordinal)));
        Assert.Single(processes.Requests, r => r.EndsWith(B, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_stays_behind_is_named_with_what_it_lacks_and_still_has()
    {
        var processes = new FakeProcesses()
            .Tell(A, Belief("5", ["cache-0", "cache-1", "cache-9"], "stale", age: 252, cause: "connection refused"))
            .Tell(B, Belief("7", _three));
        var (code, host) = await RunAsync(processes, _list, A, B);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(
            "prod/cache: 1 of 2 processes agree with the API server, which is at version 7\n" +
            $"✗ {A}  stale for 4m12s (connection refused), version 5  behind, the API server is at version 7; " +
            "lacks cache-2; still has cache-9\n" +
            $"✓ {B}  live, version 7\n",
            host.Out);
    }

    [Fact]
    public async Task A_process_that_misses_a_change_is_behind_since_then()
    {
        var host = new FakeHost { Processes = new FakeProcesses().Tell(A, Belief("7", ["cache-0", "cache-1", "cache-2", "cache-3"])) };
        var changed = Modified("8", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"));
        Assert.Equal(ExitCode.Failed, await RunAsync(host, [A, "--settle", "10s", "-o", "json"], At));
        var process = JsonNode.Parse(host.Out)!["services"]![0]!["processes"]![0]!;
        Assert.Equal("behind", (string?)process["state"]);
        Assert.Equal(7, (double)process["behindSeconds"]!);
        Assert.Equal(["cache-2", "cache-3"], process["extra"]!.AsArray().Select(n => (string?)n));

        void At(FakeHost h)
        {
            var at = h.Clock.Now - FakeHost.Start;
            h.Emit(at == TimeSpan.Zero ? [_list] : at == TimeSpan.FromSeconds(3) ? [changed] : []);
        }
    }

    [Fact]
    public async Task The_same_belief_of_a_stale_process_agrees_with_a_mark()
    {
        var (code, host) = await RunAsync(
            new FakeProcesses().Tell(A, Belief("7", _three, "stale", age: 12, cause: "reset")), _list, A);
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains($"! {A}  stale for 12s (reset), version 7\n", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_without_a_list_does_not_agree()
    {
        var (code, host) = await RunAsync(new FakeProcesses().Tell(A, Belief("", [], "syncing")), _list, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"- {A}  syncing  it has no complete list yet\n", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_replicas_and_another_layout_are_found()
    {
        var processes = new FakeProcesses().Tell(A, Belief("7", _three, replicas: 2)).Tell(B, Belief("7", _three, replicas: 2))
            .Tell(C, Belief("7", _three, replicas: 3, layout: "HashRing/1(40)"));
        var (code, host) = await RunAsync(processes, _list, A, B, C);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            $"✗ {C}  live, version 7  its ring is HashRing/1(40) with 3 replicas, the others have HashRing/1(160) with 2 replicas\n",
            host.Out, StringComparison.Ordinal);
        Assert.Contains($"✓ {B}", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_with_a_member_that_is_held_is_explained()
    {
        var (code, host) = await RunAsync(
            new FakeProcesses().Tell(A, Belief("7", _three, ring: ["cache-0", "cache-1", "cache-2", "cache-3"])), _list, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            "still has cache-3 in its ring, but not in its snapshot (an option such as HoldDepartures)\n",
            host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_without_terminating_members_agrees()
    {
        var list = Listed("7", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", terminating: true));
        var (code, _) = await RunAsync(
            new FakeProcesses().Tell(A, Belief("7", ["cache-0", "cache-1~"], ring: ["cache-0"])), list, A);
        Assert.Equal(ExitCode.Stopped, code);
    }

    [Fact]
    public async Task Another_condition_of_an_endpoint_is_another_belief()
    {
        var (code, host) = await RunAsync(new FakeProcesses().Tell(A, Belief("7", ["cache-0", "cache-1!", "cache-2"])), _list, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("live, version 7  has cache-1 in another state\n", host.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "it wants a login (401). To fix: add --header 'Authorization: Bearer TOKEN'")]
    [InlineData(404, "nothing is there (404). To fix: give the path that the application maps, such as /rxkube")]
    [InlineData(302, "it answers 302, another place. To fix: give the URL of that place")]
    [InlineData(503, "it answers 503")]
    public async Task A_process_that_refuses_is_told_why(int status, string text)
    {
        var processes = new FakeProcesses().Tell(A, Belief("7", _three)).Answer(B, (HttpStatusCode)status);
        var (code, host) = await RunAsync(processes, _list, A, B);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"? {B}  {text}\n", host.Out, StringComparison.Ordinal);
        Assert.Contains("1 of 1 process agree", host.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("{\"topologies\":[{\"name\":3}]}")]
    [InlineData("{\"topologies\":7}")]
    [InlineData("{\"topologies\":[]}")]
    public async Task An_answer_that_is_no_topology_is_told(string body)
    {
        var (code, host) = await RunAsync(new FakeProcesses().Answer(A, body), null, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("its answer is none of MapKubeTopology. To fix: ", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);
    }

    [Theory]
    [InlineData("namespace", "../../x")]
    [InlineData("namespace", "")]
    [InlineData("service", "a/b")]
    [InlineData("service", "")]
    public async Task A_Service_that_cannot_be_is_no_topology(string field, string name)
    {
        var belief = Belief("7", _three);
        belief[field] = name;
        var (code, host) = await RunAsync(new FakeProcesses().Tell(A, belief), null, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("its answer is none of MapKubeTopology. To fix: ", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);
    }

    [Fact]
    public async Task An_answer_in_an_unknown_charset_is_no_topology()
    {
        var processes = new FakeProcesses().Answer(A, _ =>
        {
            var content = new ByteArrayContent([(byte)'{', (byte)'}']);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=bogus");
            return Task.FromResult(new HttpResponseMessage { Content = content });
        });
        var (code, host) = await RunAsync(processes, null, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("its answer is none of MapKubeTopology. To fix: ", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1001, 0)]
    public async Task The_topologies_of_a_process_are_limited(int topologies, int services)
    {
        var one = $"{Belief("7", _three)}";
        var body = $"{{\"topologies\":[{string.Join(',', Enumerable.Repeat(one, topologies))}]}}";
        var (_, host) = await RunAsync(new FakeProcesses().Answer(A, body), services == 0 ? null : _list, A, "-o", "json");
        var json = JsonNode.Parse(host.Out)!;
        Assert.Equal(services, json["services"]!.AsArray().Count);
        Assert.Equal(
            services == 1 ? null : "it tells of more than 1000 topologies. To fix: ask for one, as in /rxkube/NAME",
            (string?)json["silent"]!.AsArray().SingleOrDefault()?["error"]);
    }

    [Fact]
    public async Task A_process_that_cannot_be_reached_or_does_not_answer_is_told()
    {
        var processes = new FakeProcesses().Answer(A, _ => throw new HttpRequestException("Connection refused (10.1.0.1:8080)"))
            .Answer(B, _ => new TaskCompletionSource<HttpResponseMessage>().Task);
        var (code, host) = await RunAsync(processes, null, A, B);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal($"? {A}  Connection refused (10.1.0.1:8080)\n? {B}  no answer within 30s (--timeout)\n", host.Out);
    }

    [Fact]
    public async Task A_process_that_resets_a_connection_as_it_is_made_is_told()
    {
        var processes = new FakeProcesses().Answer(A, _ => throw new SocketException((int)SocketError.NotConnected));
        var (code, host) = await RunAsync(processes, null, A);
        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith($"? {A}  ", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_server_processes_are_compared_with_the_newest_of_them()
    {
        var host = new FakeHost { Processes = new FakeProcesses().Tell(A, Belief("7", _three)).Tell(B, Belief("5", _two)) };
        Assert.Equal(ExitCode.Cluster, await RunAsync(host, [A, B], h => h.Emit(Interrupted(FakeHost.Start, 1))));
        Assert.StartsWith(
            "prod/cache: 1 of 2 processes agree with the newest of them (the API server cannot be asked)\n" +
            $"✓ {A}  live, version 7\n✗ {B}  live, version 5  behind a process at version 7, with another ring\n",
            host.Out, StringComparison.Ordinal);
        Assert.Contains(
            "no complete snapshot within 30s (--timeout); the last attempt:\nrxkube: connection refused", host.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_hangs_ends_with_the_timeout()
    {
        var host = new FakeHost
        {
            Processes = new FakeProcesses().Tell(A, Belief("7", _three)),
            Opening = () => new TaskCompletionSource<WatchSource>().Task,
        };

        Assert.Equal(ExitCode.Cluster, await RunAsync(host, [A, "--timeout", "1s"], h => h.AdvanceBy(1)));
        Assert.Contains("no complete snapshot within 1s (--timeout)", host.Error, StringComparison.Ordinal);
        Assert.Contains("the files of the configuration", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_are_sent_and_never_shown()
    {
        const string Token = "the-token-of-the-process";
        var processes = new FakeProcesses().Tell(A, Belief("7", _three, "stale", cause: $"refused: Bearer {Token}"));
        var (code, host) = await RunAsync(processes, _list, A, "--header", $"Authorization: Bearer {Token}");
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Equal($"Bearer {Token}", processes.LastAuthorization);
        Assert.DoesNotContain(Token, host.Out + host.Error, StringComparison.Ordinal);
        Assert.Contains("(refused: Bearer ***)", host.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("escaped")]
    [InlineData("base64")]
    public async Task A_header_that_comes_back_in_another_form_is_never_shown(string form)
    {
        const string Token = "the-token-of-the-process";
        const string Mark = "@@@@";
        var shown = form switch
        {
            "escaped" => string.Concat(Token.Select(c => $"\\u{(int)c:x4}")),
            "base64" => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Token)),
            _ => Token,
        };
        var belief = Belief(Mark, [Mark], Mark, layout: "HashRing/1(160)", cause: Mark);
        belief["fingerprint"] = Mark;
        belief["ring"]!["layout"] = Mark;
        belief["endpoints"]![0]!["zone"] = Mark;
        var stale = Belief("7", [Mark], "stale", cause: Mark);
        var processes = new FakeProcesses().Answer(A, $"{belief}".Replace(Mark, shown, StringComparison.Ordinal))
            .Answer(B, $"{stale}".Replace(Mark, shown, StringComparison.Ordinal));
        var (_, host) = await RunAsync(processes, _list, A, B, "--header", $"Authorization: Bearer {Token}");
        var (_, json) = await RunAsync(processes, _list, A, B, "-o", "json", "--header", $"Authorization: Bearer {Token}");
        Assert.Contains("***", host.Out, StringComparison.Ordinal);
        Assert.All([Token, form == "base64" ? shown : Token], secret =>
            Assert.DoesNotContain(secret, host.Out + host.Error + json.Out + json.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hostile_texts_do_not_reach_the_terminal()
    {
        var (_, host) = await RunAsync(
            new FakeProcesses().Tell(A, Belief("7\n✓ forged", ["\e[31mcache-0\n"], "stale", cause: "\e]0;x\a")), _list, A);
        Assert.DoesNotContain(host.Out, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain("\n✓ forged", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_would_take_all_memory_is_not_built()
    {
        var hostile = Belief("7", _three);
        hostile["ring"]!["layout"] = "RingHash/1(2000000000, 2000000000)";
        var (code, host) = await RunAsync(new FakeProcesses().Tell(A, hostile), _list, A);
        Assert.Equal(ExitCode.Stopped, code); // its members are those of the server
        Assert.Contains("its ring, RingHash/1(2000000000, 2000000000), was not compared\n", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_topologies_of_a_process_are_compared_each_with_its_Service()
    {
        var other = Belief("7", _three);
        other["service"] = "store";
        var all = new JsonObject { ["topologies"] = new JsonArray(Belief("7", _three), other) };
        var (code, host) = await RunAsync(new FakeProcesses().Answer(A, $"{all}"), _list, A, "-o", "json");
        Assert.Equal(ExitCode.Failed, code);
        var json = JsonNode.Parse(host.Out)!;
        Assert.False((bool)json["agreed"]!);
        Assert.Equal(["prod/cache", "prod/store"], json["services"]!.AsArray().Select(s => (string?)s!["service"]));
        Assert.Equal("agrees", (string?)json["services"]![0]!["processes"]![0]!["state"]);
        var store = json["services"]![1]!["processes"]![0]!; // no slice has its label
        Assert.Equal("differs", (string?)store["state"]);
        Assert.Equal(_three, store["extra"]!.AsArray().Select(n => (string?)n));
    }

    [Fact]
    public async Task Many_Services_that_differ_do_not_take_the_time_to_settle_one_after_the_other()
    {
        var told = Enumerable.Range(0, 200).Select(i =>
        {
            var belief = Belief("7", _three);
            belief["service"] = $"store-{i:000}";
            return (JsonNode)belief;
        });
        var all = new JsonObject { ["topologies"] = new JsonArray([.. told]) };
        var host = new FakeHost { Processes = new FakeProcesses().Answer(A, $"{all}") };

        var code = await RunAsync(host, [A, "-o", "json", "--settle", "3s"], h => h.Emit(_list));

        Assert.Equal(ExitCode.Failed, code);
        var services = JsonNode.Parse(host.Out)!["services"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"prod/store-{i:000}"), services.Select(s => (string?)s!["service"]));
    }

    /// <summary>Runs the tool to its end, with an action at each half second of virtual time.</summary>
    internal static Task<int> RunAsync(FakeHost host, string[] args, Action<FakeHost> each)
    {
        // With the context of xunit, what follows an await would run on another thread, beside virtual time.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var run = host.RunAsync(["agree", .. args]);
            for (var step = 0; step < 200; step++)
            {
                each(host);
                host.AdvanceBy(0.5);
            }

            return run.WaitAsync(TimeSpan.FromSeconds(60)); // it has ended in virtual time; its task is told by another thread
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static async Task<(int Code, FakeHost Host)> RunAsync(
        FakeProcesses processes, WatchEvent<EndpointSlice>? list, params string[] args)
    {
        var host = new FakeHost { Processes = processes };
        return (await RunAsync(host, args, list is null ? _ => { } : h => h.Emit(list)), host);
    }
}
