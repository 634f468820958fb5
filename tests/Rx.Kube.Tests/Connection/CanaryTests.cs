using System.Text;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>No credential appears in any exception or text, for any failure.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string Canary = "canary-e83b7c";
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Failures()
    {
        var data = new TheoryData<string, string>();
        foreach (var user in (string[])["token", "tokenFile", "basic", "exec"])
        {
            foreach (var failure in (string[])[
                "401", "403", "404", "429", "500", "302", "echo", "echo-status", "reset", "garbage", "untrusted", "unreachable", "slow"])
            {
                data.Add(user, failure);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_shows_no_credential(string user, string failure)
    {
        var clock = new System.Reactive.Concurrency.HistoricalScheduler(DateTimeOffset.UnixEpoch);
        var asked = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            asked.TrySetResult();
            return AnswerAsync(context, failure);
        });
        _folder.Write("ca.crt", failure == "untrusted" ? new TestAuthority("other").Pem : _authority.Pem);
        var path = _folder.Write("config", ConfigText.Of(
            $"server: {(failure == "unreachable" ? "https://127.0.0.1:1" : server.Url)}\ncertificate-authority: ca.crt", User(user)));
        var options = TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }, scheduler: clock);
        using var kube = KubeConnection.FromKubeconfig(path, options: options);

        var answer = kube.GetAsync("api/v1/pods", default);
        if (failure == "slow")
        {
            await asked.Task;
            clock.AdvanceBy(options.ResponseTimeout);
        }

        var error = await Assert.ThrowsAnyAsync<KubeException>(() => answer);

        var status = (error as KubeStatusException)?.Status;
        var shown = $"{error}\n{status}\n{string.Join(',', status?.Causes ?? [])}\n{kube}\n{options}\n{error.Data.Count}";
        Assert.DoesNotContain(Canary, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"bob:{Canary}")), shown, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    private string User(string kind)
    {
        _folder.Write("token", Canary);
        var plugin = _folder.Write("plugin.sh", $$$"""
            echo {{{Canary}}} >&2
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{Canary}}}"}}'
            """);
        return kind switch
        {
            "token" => $"token: {Canary}",
            "tokenFile" => "tokenFile: token",
            "basic" => $"username: bob\npassword: {Canary}",
            _ => $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{plugin}', '--secret={Canary}'], "
                + $"env: [{{name: S, value: {Canary}}}]}}",
        };
    }

    private static async Task AnswerAsync(HttpContext context, string failure)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        switch (failure)
        {
            case "slow":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case "reset":
                context.Abort();
                break;
            case "echo":
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("you sent " + authorization);
                break;
            case "echo-status":
                context.Response.StatusCode = 403;
                await context.Response.WriteAsync(
                    $$$"""{"kind":"Status","code":403,"message":"{{{authorization}}}","details":""" +
                    $$$"""{"causes":[{"reason":"{{{authorization}}}"}]}}""");
                break;
            case "garbage":
                context.Response.StatusCode = 502;
                await context.Response.Body.WriteAsync(new byte[] { 0xff, 0x00, 0x1b });
                break;
            case "302":
                context.Response.Redirect("https://elsewhere.example/?token=" + Uri.EscapeDataString(authorization));
                break;
            default:
                context.Response.StatusCode = int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture);
                break;
        }
    }
}
