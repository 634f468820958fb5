using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Watching;

/// <summary>Runs the whole tool against a server over HTTP.</summary>
public class EndToEndTests
{
    [Fact]
    public async Task Json_follows_every_slice_in_order_through_an_outage()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0", "10.0.0.1"));
        server.Cluster.Create("endpointslices", Slice("other-a", "other-0", "10.0.9.1", service: "other"));

        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "-o", "json");
        AssertLine(await tool.LineAsync(), "live", ["cache-0"], [], []);
        server.Cluster.Create("endpointslices", Slice("cache-b", "cache-1", "10.0.0.2"));
        AssertLine(await tool.LineAsync(), "live", ["cache-1"], [], []);
        server.Cluster.Replace("endpointslices", Slice("cache-b", "cache-1", "10.0.0.3"));
        AssertLine(await tool.LineAsync(), "live", [], [], ["cache-1"]);
        server.Cluster.Delete("endpointslices", "prod", "cache-a");
        AssertLine(await tool.LineAsync(), "live", [], ["cache-0"], []);

        server.Offline = true;
        var stale = AssertLine(await tool.LineAsync(), "stale", [], [], []);
        Assert.NotEqual("", (string?)stale["cause"]);
        Assert.True((long)stale["retryInMs"]! >= 0);
        server.Cluster.Delete("endpointslices", "prod", "cache-b");
        server.Cluster.Compact();
        server.Offline = false;

        var last = JsonNode.Parse(await tool.LineAsync(containing: "\"removed\":[\"cache-1\"]"))!;
        Assert.Equal("live", (string?)last["freshness"]);
        Assert.Empty(last["endpoints"]!.AsArray());
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal("", tool.Error);
    }

    [Fact]
    public async Task The_cluster_the_user_and_the_impersonation_of_the_options_are_sent()
    {
        var requests = new ConcurrentQueue<string>();
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, next) =>
            {
                var headers = context.Request.Headers;
                requests.Enqueue(string.Join(' ', new[] { "Authorization", "Impersonate-User", "Impersonate-Group", "Impersonate-Uid" }
                    .Select(name => string.Join('+', headers[name].AsEnumerable()))));
                return next();
            },
        });
        using var front = new TlsFront(server.Url);
        using var config = new Kubeconfig(front.Url, "other");
        File.WriteAllText(config.Path, File.ReadAllText(config.Path)
            .Replace("users:", "users:\n- name: me\n  user:\n    token: mine\n", StringComparison.Ordinal)
            .Replace("cluster: test", "cluster: nowhere", StringComparison.Ordinal));
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0", "10.0.0.1"));

        var tool = new InProcessTool();
        tool.Start(
            "--kubeconfig", config.Path, "--cluster", "test", "--user", "me", "--as", "jane", "--as-group", "dev", "--as-group", "ops",
            "--as-uid", "7", "watch", "svc/cache", "-o", "json", "--once");
        AssertLine(await tool.LineAsync(), "live", ["cache-0"], [], []);
        Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
        Assert.NotEmpty(requests);
        Assert.All(requests, request => Assert.Equal("Bearer mine jane dev+ops 7", request));
    }

    [Fact]
    public async Task A_group_without_a_user_to_impersonate_exits_with_three_and_names_the_option()
    {
        using var config = new Kubeconfig(new Uri("http://127.0.0.1:1"));
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "--as-group", "dev");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("--as", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_timeout_limits_the_wait_for_the_answer()
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted),
        });
        using var config = new Kubeconfig(server.Url);
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "--request-timeout", "100ms", "--timeout", "2s");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("did not answer within 0.1 s", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exec_plugin_that_waits_for_a_login_is_heard_and_named()
    {
        var config = Path.Combine(Path.GetTempPath(), $"rxkube-{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(config, """
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: me}}]
            clusters: [{name: test, cluster: {server: "https://127.0.0.1:1"}}]
            users:
            - name: me
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: sh
                  args: [-c, "echo 'open https://x and enter ABCD' >&2; exec sleep 100"]
            """);

        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config, "--timeout", "1s");

        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        File.Delete(config);
        Assert.StartsWith("rxkube: the exec plugin says: open https://x and enter ABCD", tool.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"(--timeout): still waiting for the exec plugin \"sh\" of user \"me\" in {config}.", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_not_sent_over_plain_http_and_the_tool_says_so_once()
    {
        var sent = new ConcurrentQueue<string?>();
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, next) =>
            {
                sent.Enqueue(context.Request.Headers.Authorization);
                return next();
            },
        });
        using var config = new Kubeconfig(server.Url, "the-token");
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0", "10.0.0.1"));

        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "-o", "json");
        AssertLine(await tool.LineAsync(), "live", ["cache-0"], [], []);
        server.Cluster.Create("endpointslices", Slice("cache-b", "cache-1", "10.0.0.2"));
        AssertLine(await tool.LineAsync(), "live", ["cache-1"], [], []);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());

        Assert.NotEmpty(sent);
        Assert.All(sent, Assert.Null);
        Assert.Matches(
            @"^rxkube: the credentials of user ""test"" in .* are not sent, because 127\.0\.0\.1:\d+ is plain http\. To fix: .*\n$",
            tool.Error);
    }

    [Fact]
    public async Task A_selector_restricts_the_slices()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        var blue = Slice("cache-a", "cache-0", "10.0.0.1");
        blue["metadata"]!["labels"]!["team"] = "blue";
        server.Cluster.Create("endpointslices", blue);
        server.Cluster.Create("endpointslices", Slice("cache-b", "cache-1", "10.0.0.2"));

        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "-l", "team in (blue,green)", "-o", "json", "--once");
        AssertLine(await tool.LineAsync(), "live", ["cache-0"], [], []);
        Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
    }

    [Theory]
    [InlineData("nobody-token", "list", "nobody")]
    [InlineData("lister-token", "watch", "lister")]
    public async Task A_missing_permission_exits_with_three_and_the_role(string token, string verb, string user)
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions { Tokens = SimulatedUser.TestTokens });
        using var front = new TlsFront(server.Url);
        using var config = new Kubeconfig(front.Url, token);
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "-n", "shop", "--kubeconfig", config.Path, "-o", "json");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains(
            $"does not allow the user to {verb} endpointslices.discovery.k8s.io in namespace \"shop\"",
            tool.Error, StringComparison.Ordinal);
        Assert.Contains(
            "  namespace: shop\nrules:\n  - apiGroups: [\"discovery.k8s.io\"]\n    resources: [\"endpointslices\"]\n" +
            "    verbs: [\"list\", \"watch\"]",
            tool.Error, StringComparison.Ordinal);
        Assert.Contains($"name: \"{user}\"", tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status401Unauthorized)]
    [InlineData(StatusCodes.Status404NotFound)]
    public async Task A_server_that_refuses_the_request_exits_with_three_without_retries(int status)
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, _) =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
        });
        using var front = new TlsFront(server.Url);
        using var config = new Kubeconfig(front.Url, "canary-7f1a");
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path);
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.StartsWith("rxkube: ", tool.Error, StringComparison.Ordinal);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-7f1a", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_names_are_escaped_and_skipped_objects_are_reported()
    {
        const string Slices = """
            {"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[
              {"metadata":{"name":"good","namespace":"prod","labels":{"kubernetes.io/service-name":"cache"}},"addressType":"IPv4",
               "endpoints":[{"addresses":["10.0.0.1"],"nodeName":"n\u202e\u009b31m\n+ forged",
                 "targetRef":{"kind":"Pod","name":"p\u001b]0;x\u0007"}}]},
              {"metadata":{"name":"bad\u001b[2J","namespace":"prod","labels":{"kubernetes.io/service-name":"cache"}},"addressType":"IPv4",
               "endpoints":"\u001b[2J"}]}
            """;
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, next) => context.Request.Query.ContainsKey("watch") ? next() : context.Response.WriteAsync(Slices),
        });
        using var config = new Kubeconfig(server.Url);
        foreach (var format in new[] { "text", "json", "table" })
        {
            var tool = new InProcessTool();
            tool.Start("watch", "cache", "--kubeconfig", config.Path, "--once", "-o", format);
            Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
            var shown = tool.Rest() + tool.Error;
            Assert.DoesNotContain(shown, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
            Assert.DoesNotContain("\n+ forged", shown, StringComparison.Ordinal);
            Assert.Contains("skipped prod/bad\\u{1b}[2J: ", tool.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_hostile_version_is_refused_and_escaped()
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = (context, _) => context.Response.WriteAsync(
                """{"kind":"EndpointSliceList","metadata":{"resourceVersion":"1\u001b[2J"},"items":[]}"""),
        });
        using var config = new Kubeconfig(server.Url);
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "--once", "--timeout", "3s");

        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.DoesNotContain(tool.Rest() + tool.Error, c => char.IsControl(c) && c != '\n');
        Assert.Contains("resourceVersion", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untrusted_certificate_exits_with_three_without_retries()
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions { Https = true });
        using var config = new Kubeconfig(server.Url);
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "--timeout", "0");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("certificate", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_exits_with_three_after_the_timeout()
    {
        var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        await server.DisposeAsync();
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "--timeout", "3s");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("rxkube: not connected yet: ", tool.Error, StringComparison.Ordinal);
        Assert.Contains(server.Url.Authority, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_kubeconfig_exits_with_three_and_its_path()
    {
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", "/nowhere/config", "--once");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("/nowhere/config", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demonstration_shows_a_change_within_seconds()
    {
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--demo", "-o", "json");
        var members = new[] { "cache-0", "cache-1", "cache-2", "cache-3", "cache-4" };
        AssertLine(await tool.LineAsync(), "live", members, [], []);
        AssertLine(await tool.LineAsync(), "live", [], [], ["cache-4"]);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal("", tool.Error);
    }

    private static JsonNode AssertLine(string line, string freshness, string[] added, string[] removed, string[] updated)
    {
        var json = JsonNode.Parse(line)!;
        Assert.Equal(freshness, (string?)json["freshness"]);
        Assert.Equal(added, json["added"]!.AsArray().Select(m => (string?)m));
        Assert.Equal(removed, json["removed"]!.AsArray().Select(m => (string?)m));
        Assert.Equal(updated, json["updated"]!.AsArray().Select(m => (string?)m));
        return json;
    }

    private static JsonObject Slice(string name, string pod, string address, string service = "cache")
    {
        var slice = Testing.Slice.Of(name, service, @namespace: "prod").WithPort(8080, "http");
        return JsonNode.Parse(SliceJson.Manifest(slice.With(pod, address, hostname: pod, uid: pod)))!.AsObject();
    }
}
