using System.Reactive.Linq;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A bug of other clients, number 20: credentials that rotate, and consumers that fail.</summary>
public sealed class FieldBugCredentialTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // csharp#293
    [Fact]
    public void Bug20_A_token_that_was_rotated_more_than_a_minute_ago_is_used_by_the_next_request()
    {
        var run = Play("2m", [List("17", "a"), Watch("^ 89999ms |"), Watch("b")], ("20s", () => _folder.Write("token", "t2")))
            .Saw("0 live a", "90000 live ab");

        Assert.Equal(["t1", "t1", "t2"], Tokens(run));
    }

    [Fact]
    public void Bug20_A_token_that_was_rotated_and_is_refused_is_replaced_at_once()
    {
        var run = Play(
                "5s", [List("17", "a"), Watch("^ 1999ms |"), Status(401, "Unauthorized"), Watch("b")],
                ("1s", () => _folder.Write("token", "t2")))
            .Saw("0 live a", "2000 live ab");

        Assert.Equal(["t1", "t1", "t1", "t2"], Tokens(run));
    }

    [Fact]
    public void Bug20_A_403_is_a_typed_error_with_the_permission_that_is_missing() =>
        Assert.Equal(
            new MissingPermission("list", "discovery.k8s.io", "endpointslices", "default"),
            Assert.IsType<KubeForbiddenException>(Run.Play("1s", Status(403, "Forbidden")).Saw("0 error").Errors[0]).Permission);

    // csharp#1233
    [Fact]
    public void Bug20_A_throwing_observer_and_an_event_that_cannot_be_decoded_never_end_a_shared_watch()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var clock = new VirtualClock();
        var broken = Lines['c'].Replace("\"addressType\":\"IPv4\"", "\"addressType\":7", StringComparison.Ordinal);
        var http = new ScriptedHttp(clock)
        {
            Responses = [List("17", "a"), new("b-s-m", new Dictionary<char, string>(Lines) { ['s'] = broken })],
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        List<string> healthy = [], faulty = [];
        List<Exception> faults = [];
        var shared = connection.EndpointSlices(service: "cache").Resume(new Script().Options, clock).ToTopology().ShareLatest(faults.Add);
        using var one = shared.Subscribe(t =>
        {
            faulty.Add(Run.Text(t));
            if (faulty.Count == 2)
            {
                throw new InvalidOperationException("mine");
            }
        });
        using var two = shared.Subscribe(t => healthy.Add($"{Run.Text(t)}{string.Concat(t.Skipped.Select(s => $" without {s.Name}"))}"));
        clock.AdvanceTo(TimeSpan.FromSeconds(1));

        Assert.Equal(["live a", "live ab"], faulty);
        Assert.Equal("mine", Assert.Single(faults).Message);
        Assert.Equal(["live a", "live ab", "live ab without c", "live abm without c"], healthy);
        Assert.Equal(["list", "watch from 17"], http.Requests.Select(Run.Short));
        Assert.Null(http.Requests[^1].End);
    }

    private static IEnumerable<string> Tokens(Run run) => run.Http.Requests.Select(r => r.Headers["Authorization"]["Bearer ".Length..]);

    private Run Play(string until, ScriptedResponse[] responses, (string At, Action Action) at)
    {
        var config = _folder.Write("config", ConfigText.Of("server: https://kube", "tokenFile: token"));
        return Run.Play(until, new Script
        {
            Responses = responses,
            At = [(at.At, _ => at.Action())],
            Connect = run =>
            {
                _folder.Write("token", "t1");
                var environment = KubeEnvironment.OfProcess.WithoutThreads() with { Network = _ => run.Handler };
                return KubeConnection.FromKubeconfig(config, options: new() { Scheduler = run.Clock, Environment = environment });
            },
        });
    }
}
