using System.Reactive.Concurrency;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Connections from a kubeconfig, whose credentials expire during a watch.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private string _accepted = "t1";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_refused_token_is_read_again_and_the_request_is_silently_sent_once_more()
    {
        var run = PlayTokenFile("5s", [List("17", "a"), Watch("b 1999ms |"), Watch("c")], ("1s", () => Rotate("t2")));

        run.Saw("0 live a", "0 live ab", "2000 live abc")
            .Asked("list at 0 to 0", "watch from 17 at 0 to 2000", "watch from 18 at 2000 to 2000", "watch from 18 at 2000 to 5000");
        Assert.Equal(["t1", "t1", "t1", "t2"], Tokens(run));
    }

    [Fact]
    public void A_rotated_token_is_used_within_a_minute_while_the_old_one_still_works()
    {
        _accepted = "";
        var run = PlayTokenFile(
            "80s", [List("17", "a"), .. Enumerable.Repeat(Watch("^ 29999ms |"), 3)], ("20s", () => _folder.Write("token", "t2")));

        Assert.Equal(["t1", "t1", "t1", "t2"], Tokens(run));
    }

    [Fact]
    public void A_refused_token_is_retried_until_it_is_renewed()
    {
        var run = PlayTokenFile(
            "9s", [List("17", "a"), Watch("^ 1999ms |"), Watch("b")], ("1s", () => _accepted = "t2"), ("4s", () => Rotate("t2")));

        // At 2.8 s the file still holds the old token; at 4.4 s the new one is there.
        run.Saw("0 live a", "2000 stale a Unauthorized +800", "2800 stale a Unauthorized +1600", "4400 live a", "4400 live ab");
        Assert.Equal("t2", Tokens(run)[^1]);
    }

    [Fact]
    public void A_token_that_is_refused_at_first_is_an_error()
    {
        _accepted = "another";
        var refused = Assert.IsType<KubeStatusException>(PlayTokenFile("1s", []).Saw("0 error").Errors[0]);

        Assert.Equal(401, refused.Status.Code);
        Assert.DoesNotContain("t1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exec_plugin_is_waited_for_and_run_again_when_its_token_expires_or_is_refused()
    {
        // The plugin takes 300 ms, and returns t1 for the first minute, then t2, then t3.
        var run = PlayPlugin(
            "100s", [List("17", "a"), .. Enumerable.Repeat(Watch("^ 29999ms |"), 4)],
            TimeSpan.FromSeconds(45), ("75s", () => _accepted = "t3"));

        run.Asked(
            "list at 300 to 300", "watch from 17 at 300 to 30300", "watch from 17 at 30300 to 60300",
            "watch from 17 at 60600 to 90600", "watch from 17 at 90600 to 90600", "watch from 17 at 90900 to 100000").Saw("300 live a");
        Assert.Equal(["t1", "t1", "t1", "t2", "t2", "t3"], Tokens(run));
    }

    [Fact]
    public void Disposing_the_connection_while_a_plugin_runs_fails_the_stream_at_once() =>
        PlayPlugin("5s", [], TimeSpan.FromHours(1), connection: ("100ms", c => c.Dispose())).Saw("100 error").Asked();

    [Fact]
    public void The_applications_callback_is_asked_again_after_a_401()
    {
        var asked = 0;
        var run = Run.Play("5s", new Script
        {
            Answer = Server(List("17", "a"), Watch("")),
            Connect = r =>
            {
                (asked, _accepted) = (0, "t2");
                return KubeConnection.From(
                    new HttpClient(r.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://kube"),
                    (request, _) =>
                    {
                        request.Headers.Authorization = new("Bearer", asked++ == 0 ? "t1" : "t2");
                        return Task.CompletedTask;
                    },
                    new() { Scheduler = r.Clock });
            },
        });

        run.Saw("0 live a").Asked("list at 0 to 0", "list at 0 to 0", "watch from 17 at 0 to 5000");
        Assert.Equal(["t1", "t2", "t2"], Tokens(run));
    }

    private static string[] Tokens(Run run) => [.. run.Http.Requests.Select(r => r.Headers["Authorization"]["Bearer ".Length..])];

    private static byte[] ExecCredential(string token, DateTimeOffset expires) => Utf8(
        $$$"""
        {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
         "status":{"token":"{{{token}}}","expirationTimestamp":"{{{expires:O}}}"}}
        """);

    private void Rotate(string token)
    {
        _accepted = token;
        _folder.Write("token", token);
    }

    private Run PlayTokenFile(string until, ScriptedResponse[] responses, params (string At, Action Action)[] at)
    {
        var accepted = _accepted;
        return Play(
            until, responses, "tokenFile: token",
            at: [.. at.Select(a => (a.At, (Action<KubeConnection>)(_ => a.Action())))],
            prepare: _ =>
            {
                _folder.Write("token", "t1");
                _accepted = accepted;
                return KubeEnvironment.OfProcess.WithoutThreads();
            });
    }

    private Run PlayPlugin(
        string until, ScriptedResponse[] responses, TimeSpan life, (string At, Action Action)? at = null,
        (string At, Action<KubeConnection> Action)? connection = null)
    {
        var next = 0;
        return Play(
            until, responses, "exec: {apiVersion: client.authentication.k8s.io/v1, command: login, interactiveMode: Never}",
            at:
            [
                .. at is { } a ? new[] { (a.At, (Action<KubeConnection>)(_ => a.Action())) } : [],
                .. connection is { } c ? new[] { c } : [],
            ],
            prepare: run =>
            {
                (next, _accepted) = (0, "");
                return KubeEnvironment.OfProcess with
                {
                    RunPlugin = (_, options, _, lifetime) =>
                    {
                        var (done, clock) = (new TaskCompletionSource<byte[]>(), options.Scheduler);
                        var token = $"t{++next}";
                        var timer = clock.Schedule(TimeSpan.FromMilliseconds(300), () => done.SetResult(
                            ExecCredential(token, expires: clock.Now + life)));
                        lifetime.Register(() =>
                        {
                            timer.Dispose();
                            done.TrySetCanceled(lifetime);
                        });
                        return done.Task;
                    },
                };
            });
    }

    private Run Play(
        string until, ScriptedResponse[] responses, string user, (string At, Action<KubeConnection> Action)[] at,
        Func<Run, KubeEnvironment> prepare)
    {
        var config = _folder.Write("config", ConfigText.Of("server: https://kube", user));
        Queue<ScriptedResponse> left = [];
        return Run.Play(until, new Script
        {
            Answer = request => Accepts(request) ? left.TryDequeue(out var next) ? next : null : Status(401, "Unauthorized"),
            At = at,
            Connect = run =>
            {
                left = new(responses);
                var environment = prepare(run) with { Network = _ => run.Handler };
                return KubeConnection.FromKubeconfig(config, options: new() { Scheduler = run.Clock, Environment = environment });
            },
        });
    }

    private Func<ScriptedRequest, ScriptedResponse?> Server(params ScriptedResponse[] responses)
    {
        var given = 0;
        return request => Accepts(request) ? responses[given++ % responses.Length] : Status(401, "Unauthorized");
    }

    private bool Accepts(ScriptedRequest request) => _accepted.Length == 0 || request.Headers["Authorization"] == $"Bearer {_accepted}";
}
