using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Text.Json;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Exec plugins, as small shell scripts.</summary>
public sealed class ExecPluginTests : IDisposable
{
    private const string Canary = "canary-91aa";
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<ConnectionNotice> _notices = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public async Task A_token_is_used(string version)
    {
        var source = Plugin(Answer("""{"token":"abc"}""", version), version: version);

        Assert.Equal("Bearer abc", (await source.GetAsync(default)).Authorization!.ToString());
    }

    [Fact]
    public async Task A_client_certificate_is_used()
    {
        var (certificate, key) = TestAuthority.PemOf(new TestAuthority().Issue("alice", []));
        var status = JsonSerializer.Serialize(new { clientCertificateData = certificate, clientKeyData = key });
        _folder.Write("answer", $$"""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{status}}}""");

        var credential = await Plugin($"cat '{_folder["answer"]}'").GetAsync(default);

        Assert.Equal("CN=alice", credential.Certificate!.Certificate.Subject);
        Assert.Null(credential.Authorization);
    }

    [Fact]
    public async Task Arguments_and_environment_reach_the_plugin_without_a_shell()
    {
        var source = Plugin(
            "printf '%s|%s|%s' \"$1\" \"$2\" \"$SET\" > seen; " + Answer("""{"token":"t"}"""),
            "args: [SCRIPT, '$(id) ; \"x\" *', '']\nenv: [{name: SET, value: 'a b'}]");

        await source.GetAsync(default);

        Assert.Equal("$(id) ; \"x\" *||a b", await File.ReadAllTextAsync(_folder["seen"]));
    }

    [Fact]
    public async Task Exec_info_describes_the_request()
    {
        var source = Plugin("printf %s \"$KUBERNETES_EXEC_INFO\" > seen; " + Answer("""{"token":"t"}"""));

        await source.GetAsync(default);

        Assert.Equal(
            """{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}""",
            await File.ReadAllTextAsync(_folder["seen"]));
    }

    [Fact]
    public async Task Exec_info_describes_the_cluster_if_provideClusterInfo_is_set()
    {
        var source = Plugin(
            "printf %s \"$KUBERNETES_EXEC_INFO\" > seen; " + Answer("""{"token":"t"}"""), "args: [SCRIPT]\nprovideClusterInfo: true",
            "tls-server-name: n\nextensions:\n" +
            "- {name: client.authentication.k8s.io/exec, extension: {audience: a, n: 5, list: [true, '5', null]}}");

        await source.GetAsync(default);

        using var info = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["seen"]));
        var cluster = info.RootElement.GetProperty("spec").GetProperty("cluster");
        Assert.Equal("https://s", cluster.GetProperty("server").GetString());
        Assert.Equal("n", cluster.GetProperty("tls-server-name").GetString());
        Assert.Equal("""{"audience":"a","n":5,"list":[true,"5",null]}""", cluster.GetProperty("config").GetRawText());
    }

    [Fact]
    public async Task A_credential_is_kept_until_it_expires()
    {
        var source = Plugin(Counting("""{"token":"t'$n'","expirationTimestamp":"2030-01-01T00:10:00Z"}"""));

        var first = await source.GetAsync(default);
        _clock.AdvanceBy(TimeSpan.FromMinutes(9.99));
        Assert.Same(first, await source.GetAsync(default));
        _clock.AdvanceBy(TimeSpan.FromMinutes(0.01));
        var second = await source.GetAsync(default);

        Assert.Equal(("t1", "t2"), (first.Authorization!.Parameter, second.Authorization!.Parameter));
        Assert.Equal("..", await File.ReadAllTextAsync(_folder["count"]));
    }

    [Fact]
    public async Task A_credential_that_has_just_expired_is_used_once()
    {
        var source = Plugin(Counting("""{"token":"t'$n'","expirationTimestamp":"2029-12-31T23:59:59Z"}"""));

        Assert.Equal("t1", (await source.GetAsync(default)).Authorization!.Parameter);
        Assert.Equal("t2", (await source.GetAsync(default)).Authorization!.Parameter);
    }

    [Theory]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("null")]
    public async Task A_zero_expiry_means_none(string expiry)
    {
        var source = Plugin(Counting($$"""{"token":"t'$n'","expirationTimestamp":{{expiry}}}"""));

        var first = await source.GetAsync(default);
        _clock.AdvanceBy(TimeSpan.FromDays(365));

        Assert.Same(first, await source.GetAsync(default));
    }

    [Fact]
    public async Task An_answer_may_be_YAML()
    {
        var source = Plugin("""
            cat <<'END'
            ---
            apiVersion: client.authentication.k8s.io/v1
            kind: ExecCredential
            status:
              expirationTimestamp: 2030-01-01T00:10:00Z
              token: from-yaml # a comment
            END
            """);

        var first = await source.GetAsync(default);
        _clock.AdvanceBy(TimeSpan.FromMinutes(11));

        Assert.Equal("from-yaml", first.Authorization!.Parameter);
        Assert.NotSame(first, await source.GetAsync(default));
    }

    [Fact]
    public async Task Its_standard_error_reaches_the_user_escaped_while_it_waits()
    {
        var source = Plugin(
            "printf 'open https://x and enter \\033[1mABCD-EFGH\\033[0m\\nor press a key: ' >&2; "
            + "while [ ! -e go ]; do sleep 0.01; done; " + Answer("""{"token":"t"}"""));
        Assert.Null(source.WaitingFor);
        var answer = source.GetAsync(default).AsTask();
        while (_notices.IsEmpty)
        {
            await Task.Delay(5); // a real process has to start
        }

        Assert.Equal(
            new ConnectionNotice(ConnectionNoticeKind.PluginOutput, "open https://x and enter \\u{1b}[1mABCD-EFGH\\u{1b}[0m"),
            Assert.Single(_notices));
        var plugin = $"he exec plugin \"sh\" of user \"u\" in {_folder["config"]}";
        Assert.Equal("t" + plugin, source.WaitingFor);
        _clock.AdvanceBy(TimeSpan.FromSeconds(2));
        Assert.Equal(
            ["or press a key:", $"T{plugin} has been running for 2 s, and requests wait for it"],
            _notices.Skip(1).Select(n => n.Message));
        _folder.Write("go", "");
        Assert.Equal("t", (await answer).Authorization!.Parameter);
        Assert.Null(source.WaitingFor);
    }

    [Fact]
    public async Task The_last_words_of_a_plugin_that_fails_reach_the_user()
    {
        var source = Plugin("printf 'no such tenant' >&2; exit 3");

        await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Equal("no such tenant", Assert.Single(_notices).Message);
    }

    [Fact]
    public async Task How_many_lines_of_its_standard_error_reach_the_user_is_an_option()
    {
        var source = Plugin("printf 'a\\nb\\nc\\n' >&2; exit 3", limits: new() { MaxPluginErrorLines = 2 });

        await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Equal(["a", "b"], _notices.Select(n => n.Message));
    }

    [Fact]
    public async Task A_refused_credential_is_renewed_once()
    {
        var source = Plugin(Counting("""{"token":"t'$n'"}"""));

        var first = await source.GetAsync(default);
        source.Refused(first);
        var second = await source.GetAsync(default);
        source.Refused(first); // a late answer to the old credential
        var third = await source.GetAsync(default);

        Assert.Equal("t1", first.Authorization!.Parameter);
        Assert.Equal("t2", second.Authorization!.Parameter);
        Assert.Same(second, third);
    }

    [Fact]
    public async Task A_refused_request_is_sent_again_with_a_new_credential()
    {
        var authority = new TestAuthority();
        _folder.Write("ca.crt", authority.Pem);
        await using var server = await LoopbackServer.StartAsync(authority.IssueServer(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer t2" ? 200 : 401;
            return Task.CompletedTask;
        });
        var script = _folder.Write("plugin.sh", $"cd '{_folder.Path}'\n{Counting("""{"token":"t'$n'"}""")}");
        var path = _folder.Write("config", ConfigText.Of(
            $"server: {server.Url}\ncertificate-authority: ca.crt",
            $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{script}']}}"));
        using var kube = KubeConnection.FromKubeconfig(path, options: TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }));

        using var response = await kube.GetAsync("api", default);

        Assert.Equal(["Bearer t1", "Bearer t2"], server.Requests.Select(r => r.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task Many_requests_run_the_plugin_once()
    {
        var source = Plugin(Counting("""{"token":"t'$n'"}"""));

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.GetAsync(default).AsTask()));

        Assert.Single(all.Distinct());
        Assert.Equal(".", await File.ReadAllTextAsync(_folder["count"]));
    }

    [Theory]
    [InlineData("echo " + Canary + " >&2; echo " + Canary + "; exit 7", "failed with exit code 7")]
    [InlineData("echo garbage " + Canary, "not an ExecCredential")]
    [InlineData("true", "not an ExecCredential")]
    [InlineData("echo '{\"kind\":\"Pod\",\"token\":\"" + Canary + "\"}'", "not an ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'",
        "answered in version client.authentication.k8s.io/v1beta1")]
    [InlineData("ANSWER{}", "neither a token nor a client certificate")]
    [InlineData("ANSWER{\"clientKeyData\":\"" + Canary + "\"}", "only one of")]
    [InlineData("ANSWER{\"token\":\"" + Canary + "\\r\\nX: y\"}", "characters that an HTTP header cannot contain")]
    [InlineData("ANSWER{\"token\":\"" + Canary + "\",\"expirationTimestamp\":\"soon\"}", "is not a time")]
    [InlineData("ANSWER{\"clientCertificateData\":\"" + Canary + "\",\"clientKeyData\":\"" + Canary + "\"}", "is not a PEM certificate")]
    [InlineData("while :; do echo " + Canary + Canary + Canary + Canary + "; done", "wrote more than 1 MiB")]
    public async Task A_failure_names_the_plugin_and_how_to_fix_it_and_nothing_it_printed(string script, string expected)
    {
        var source = Plugin(script.StartsWith("ANSWER", StringComparison.Ordinal) ? Answer(script["ANSWER".Length..]) : script);

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains($"exec plugin \"sh\" of user \"u\" in {_folder["config"]}", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_plugin_is_stopped_in_virtual_time()
    {
        var source = Plugin("echo $$ > pid; exec sleep 1000");
        var answer = source.GetAsync(default).AsTask();
        while (!File.Exists(_folder["pid"]) || (await File.ReadAllTextAsync(_folder["pid"])).Length == 0)
        {
            await Task.Delay(5); // a real process has to start; its timeout is virtual
        }

        _clock.AdvanceBy(TimeSpan.FromSeconds(59));
        Assert.False(answer.IsCompleted);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => answer);

        Assert.Contains("did not finish within 60 s", error.Message, StringComparison.Ordinal);
        var pid = int.Parse(await File.ReadAllTextAsync(_folder["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(IsGone(pid));
    }

    [Fact]
    public async Task A_cancelled_caller_leaves_the_plugin_running_for_the_others()
    {
        var source = Plugin("while [ ! -e go ]; do sleep 0.01; done; " + Answer("""{"token":"t"}"""));
        using var caller = new CancellationTokenSource();
        var cancelled = source.GetAsync(caller.Token).AsTask();
        var other = source.GetAsync(default).AsTask();

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _folder.Write("go", "");

        Assert.Equal("t", (await other).Authorization!.Parameter);
    }

    [Fact]
    public async Task The_error_for_a_missing_plugin_has_its_hint()
    {
        var source = Load(
            "apiVersion: client.authentication.k8s.io/v1\ncommand: no-such-plugin\ninstallHint: \"get it at x\\e[2J\"").Credentials;

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Contains("exec plugin \"no-such-plugin\" of user \"u\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("get it at x", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public async Task An_environment_that_the_system_does_not_take_is_told_and_not_a_missing_plugin()
    {
        var source = Load(
            "apiVersion: client.authentication.k8s.io/v1\ncommand: sh\n"
            + $"env: [{{name: BIG, value: {new string('x', 2_500_000)}}}]").Credentials;

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());

        Assert.Contains("its arguments or environment are longer than the system allows", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: set provideClusterInfo to false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_command_starts_at_the_kubeconfig_and_a_bare_one_never_in_the_current_directory()
    {
        var relative = Load("apiVersion: client.authentication.k8s.io/v1\ncommand: ./gone").Credentials;
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => relative.GetAsync(default).AsTask());

        Assert.Contains("was not found", error.Message, StringComparison.Ordinal);
        Assert.Equal("/bin/sh", ExecutableFinder.Find("sh", "/nonexistent:/bin"));
        Assert.Null(ExecutableFinder.Find("sh", Path.GetRelativePath(Environment.CurrentDirectory, "/bin")));
    }

    [Theory]
    [InlineData(999, false, null)]
    [InlineData(1000, true, null)]
    [InlineData(1001, true, null)]
    [InlineData(2999, false, 3)]
    [InlineData(3000, true, 3)]
    [InlineData(3001, true, 3)]
    public async Task A_child_that_keeps_the_output_open_is_named_after_a_second(int milliseconds, bool isOver, int? seconds)
    {
        var limits = seconds is { } time ? new ConnectionLimits { MaxPluginDelay = TimeSpan.FromSeconds(time) } : ConnectionLimits.Default;
        var source = Plugin(Answer("""{"token":"t"}""") + "\nsleep 60 & echo $! > child; echo $$ > plugin", limits: limits);
        var answer = source.GetAsync(default).AsTask();
        try
        {
            while (!File.Exists(_folder["plugin"]) || !int.TryParse(await File.ReadAllTextAsync(_folder["plugin"]), out var pid)
                || !IsGone(pid))
            {
                await Task.Delay(5); // a real process has to start and end
            }

            await Task.Delay(100); // until its end is noticed
            _clock.AdvanceBy(TimeSpan.FromMilliseconds(milliseconds));
            if (!isOver)
            {
                // Its end is awaited: then the answer is there.
                await KillAsync(_folder["child"]);
                Assert.Equal("t", (await answer.WaitAsync(TimeSpan.FromSeconds(30))).Authorization!.Parameter);
                return;
            }

            var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => answer).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Contains("the exec plugin \"sh\"", error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("exited, but a process that it started keeps its output open", error.Message, StringComparison.Ordinal);
            Assert.Contains("or raise ConnectionLimits.MaxPluginDelay", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            if (isOver)
            {
                await KillAsync(_folder["child"]);
            }
        }
    }

    private static async Task KillAsync(string file)
    {
        var id = int.Parse(await File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture);
        using var child = System.Diagnostics.Process.GetProcessById(id);
        child.Kill();
    }

    [Fact]
    public async Task A_child_that_closes_the_output_late_but_in_time_does_no_harm()
    {
        var source = Plugin("(sleep 0.2; " + Answer("""{"token":"late"}""") + ") &");
        Assert.Equal("late", (await source.GetAsync(default)).Authorization!.Parameter);
    }

    private static bool IsGone(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.WaitForExit(5000);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static string Answer(string status, string version = "v1") =>
        $$"""printf %s '{"apiVersion":"client.authentication.k8s.io/{{version}}","kind":"ExecCredential","status":{{status}}}'""";

    private static string Counting(string status) => "printf . >> count; n=$(wc -c < count); " + Answer(status);

    // sh runs the script: executing a file that was just written may find it busy.
    [Fact]
    public async Task A_child_that_keeps_the_error_output_open_keeps_no_file_of_this_process_open()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // the open files are counted in /proc
        }

        const int Runs = 20;
        var script = _folder.Write("left.sh", $"sleep 60 > /dev/null & echo $! >> '{_folder["children"]}'\necho '{{}}'\n");
        var plugin = new ExecPlugin
        {
            ApiVersion = "v1",
            Command = "sh",
            Arguments = [script],
            Environment = [],
            ExecInfo = "{}",
            InstallHint = "",
            Description = "the plugin",
            SearchPath = "/usr/bin:/bin",
        };
        var before = Pipes();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => ExecPluginRunner.RunAsync(
                plugin, new(), _ => { }, default)));

            // Other tests have pipes, too, but fewer.
            Assert.InRange(Pipes() - before, -Runs, Runs / 2);
        }
        finally
        {
            foreach (var child in File.ReadLines(_folder["children"]))
            {
                System.Diagnostics.Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)).Kill();
            }
        }

        static int Pipes() => Directory.GetFiles("/proc/self/fd")
            .Count(file => new FileInfo(file).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }

    private CredentialSource Plugin(
        string script, string more = "args: [SCRIPT]", string cluster = "", string version = "v1",
        ConnectionLimits? limits = null)
    {
        var path = _folder.Write("plugin.sh", $"cd '{_folder.Path}'\n{script}\n");
        return Load(
            $"apiVersion: client.authentication.k8s.io/{version}\ncommand: sh\n{more.Replace("SCRIPT", path, StringComparison.Ordinal)}",
            cluster, limits).Credentials;
    }

    private ConnectionTarget Load(string exec, string cluster = "", ConnectionLimits? limits = null)
    {
        var path = _folder.Write("config", ConfigText.Of($"server: https://s\n{cluster}", "exec:\n  " + exec.ReplaceLineEndings("\n  ")));
        return KubeconfigLoader.Load(
            TestOptions.With(new() { ["KUBECONFIG"] = path, ["PATH"] = "/usr/bin:/bin" }, scheduler: _clock) with
            {
                OnNotice = _notices.Enqueue,
                Limits = limits ?? ConnectionLimits.Default,
            },
            default);
    }
}
