using System.Reactive;
using System.Reactive.Linq;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Doctor;

/// <summary>What <c>rxkube doctor</c> says first, of each state of a cluster and of the way to it, in virtual time.</summary>
public class DoctorCommandTests
{
    private readonly ScriptedCluster _cluster = new();

    [Fact]
    public async Task A_good_server_is_well_in_every_check()
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache", "--for", "90s"));
        Golden.Matches("doctor.txt", Printed(_cluster));
    }

    [Fact]
    public async Task The_json_of_a_good_server_equals_its_golden_file()
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache", "-o", "json"));
        Golden.Matches("doctor.json", Indented(_cluster.Tool.Out));
    }

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_what_to_repair(int width, int height)
    {
        var pictures = new List<string>();
        foreach (var refused in new string[][] { [], ["watch endpointslices"] })
        {
            var cluster = new ScriptedCluster { Refused = refused };
            cluster.Tool.Terminal = (width, height);
            await cluster.Tool.RunAsync("doctor", "cache", "--color", "never");
            pictures.Add(TerminalPicture.Of(refused.Length == 0 ? "all is well" : "refused", OnTerminal(cluster), width, height));
        }

        Golden.Matches($"doctor-{width}x{height}.txt", string.Join('\n', pictures));
    }

    [Fact]
    public async Task Without_a_service_the_way_to_the_server_is_examined()
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor"));
        Assert.StartsWith("✓ All is well on the way to the API server.\n", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task A_missing_permission_comes_first_with_the_role(string verb)
    {
        _cluster.Refused = [$"{verb} endpointslices"];
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith(
            $"✗ The user reader may not {verb} endpointslices.discovery.k8s.io in namespace \"prod\".\n" +
            "  To fix: a cluster administrator applies this manifest with kubectl apply -f.\n",
            _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.Contains("\n    verbs: [\"list\", \"watch\"]\n", _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.Contains("\n    name: \"reader\"\n", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_s_word_on_permissions_is_told_and_a_list_and_a_watch_are_the_evidence()
    {
        _cluster.Before = request => request.Path.EndsWith("accessreviews", StringComparison.Ordinal)
            ? _cluster.Tool.Json("""{"status":{"allowed":false}}""") : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("no: watch endpointslices.discovery.k8s.io", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_answers_no_question_about_the_user_is_well()
    {
        _cluster.Before = request => request.Method == HttpMethod.Post ? _cluster.Tool.Status(404, "NotFound") : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("SelfSubjectAccessReview); a list and a watch tell", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_of_too_many_groups_to_read_is_not_known_and_all_is_well()
    {
        var groups = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"group-number-{i}\""));
        _cluster.Before = request => request.Path.EndsWith("selfsubjectreviews", StringComparison.Ordinal)
            ? _cluster.Tool.Json("{\"status\":{\"userInfo\":{\"username\":\"jane\",\"groups\":[" + groups + "]}}}") : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("the server does not tell who this user is", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymous_user_without_permission_must_log_in()
    {
        _cluster.Before = request => request.Path.EndsWith("endpointslices", StringComparison.Ordinal)
            ? _cluster.Tool.Status(403, "Forbidden", "User \"system:anonymous\" cannot list resource") : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith("✗ The server takes this user for an anonymous one", _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("kind: Role", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5s (^ab|)", "those that a server sends at once arrived after 5 s")]
    [InlineData("^ 5s (ab|)", "those that a server sends at once arrived after 5 s")]
    [InlineData("60s ^", "nothing of it arrived, not even its headers")]
    [InlineData("^", "only its headers arrived")]
    public async Task A_proxy_that_buffers_is_recognized(string diagram, string expected)
    {
        _cluster.Before = request => ScriptedCluster.IsWatch(request) ? _cluster.Watch(diagram) : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith("✗ Something between holds ", _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.Contains(expected, Unwrapped(_cluster), StringComparison.Ordinal);
        Assert.Contains("To fix: turn buffering off", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^ 20s |", "two watches ended cleanly")]
    [InlineData("^ 20s #", "two watches broke")]
    public async Task A_load_balancer_that_cuts_after_20_seconds_is_recognized(string diagram, string how)
    {
        _cluster.Before = request => ScriptedCluster.IsWatch(request) && !ScriptedCluster.IsStreaming(request)
            ? _cluster.Watch(diagram) : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache", "--for", "90s"));
        Assert.StartsWith(
            $"✗ Something between cuts long requests: {how}, after 20 s and 20 s, and the server was asked for 150 s.",
            Unwrapped(_cluster), StringComparison.Ordinal);
        Assert.Contains(
            " 150 s. To fix: raise the timeout of requests (or of idle connections) in the load balancer or proxy to more than " +
            "10 minutes (nginx: proxy_read_timeout; AWS: idle timeout)",
            Unwrapped(_cluster), StringComparison.Ordinal);
        Assert.Contains("rxkube: keeping a watch open for 1m30s (--for)", _cluster.Tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_cut_is_no_finding()
    {
        var cuts = 0;
        _cluster.Before = request => ScriptedCluster.IsWatch(request) && !ScriptedCluster.IsStreaming(request) && cuts++ == 0
            ? _cluster.Watch("^ 20s #") : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache", "--for", "90s"));
        Assert.Contains("probably a restart of a server", Unwrapped(_cluster), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_streaming_lists_is_well()
    {
        _cluster.Before = request => ScriptedCluster.IsStreaming(request) ? _cluster.Tool.Status(422, "Invalid")
            : ScriptedCluster.IsWatch(request) && request.Query("resourceVersion") == "0" ? _cluster.Watch("^a 5s |") : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("not served; lists are read page by page", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "This machine's clock is 10m behind the server's.")]
    [InlineData(-10, "This machine's clock is 10m ahead of the server's.")]
    public async Task A_clock_ten_minutes_off_is_told_with_its_direction(int minutes, string expected)
    {
        var cluster = new ScriptedCluster(TimeSpan.FromMinutes(minutes));
        Assert.Equal(ExitCode.Failed, await cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith($"✗ {expected}\n  To fix: synchronize", cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "\"selector\":{\"app\":\"cache\"},", "although it has the selector app=cache: no controller has made one",
        "check that kube-controller-manager runs")]
    [InlineData("", "the Service has no selector, so that no controller makes one", "give the Service a selector, or create a slice")]
    [InlineData(
        "\"type\":\"ExternalName\",\"externalName\":\"x.example\",", "is an alias of x.example (ExternalName)",
        "examine the Service behind the alias")]
    public async Task A_service_without_slices_is_told_with_its_cause_and_its_remedy(string spec, string expected, string fix)
    {
        _cluster.Slices = [ScriptedCluster.Slice("web-abc", "web", "web-0")];
        _cluster.Services = [$$$"""{"metadata":{"name":"cache","namespace":"prod"},"spec":{ {{{spec}}}"clusterIP":"10.0.0.1"}}"""];
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith("✗ prod/cache ", _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.Contains(expected, Unwrapped(_cluster), StringComparison.Ordinal);
        Assert.Contains($" To fix: {fix}", Unwrapped(_cluster), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_service_is_told_with_the_nearest_name()
    {
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cahce"));
        Assert.StartsWith(
            "✗ There is no Service cahce in namespace prod.\n  To fix: correct the name. Did you mean cache?\n",
            _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_slices_are_told_with_the_selector()
    {
        _cluster.Slices = [ScriptedCluster.Slice("cache-abc", "cache")];
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith("✗ No endpoints: no pod in namespace prod matches the selector app=cache.\n", _cluster.Tool.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_no_pod_has_is_told()
    {
        _cluster.Services = [ScriptedCluster.CacheService.Replace("\"http\"", "\"grpc\"", StringComparison.Ordinal)];
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith("✗ No endpoint has the port grpc:80 (targetPort grpc) of the Service; ports of the endpoints: http:8080.\n",
            _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permission_goes_before_a_missing_service_and_a_warning()
    {
        _cluster.Refused = ["watch endpointslices"];
        _cluster.Services = [];
        _cluster.Slices = [];
        _cluster.Before = request => request.Path == "/version"
            ? _cluster.Tool.Json("""{"gitVersion":"v1"}""", warning: "299 - \"old\"") : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache", "-o", "json"));
        var report = JsonNode.Parse(_cluster.Tool.Out)!;
        Assert.Equal(
            ["warnings: warning", "watch: problem", "service: problem"],
            report["checks"]!.AsArray().Where(c => (string?)c!["state"] is "problem" or "warning")
                .Select(c => $"{c!["id"]}: {c["state"]}"));
        Assert.StartsWith("The user reader may not watch", (string?)report["summary"], StringComparison.Ordinal);
        Assert.Contains("kind: RoleBinding", (string?)report["checks"]!.AsArray().Single(c => (string?)c!["id"] == "watch")!["manifest"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_of_the_server_is_a_finding_with_its_text()
    {
        _cluster.Before = request => request.Path == "/version"
            ? _cluster.Tool.Json("""{"gitVersion":"v1"}""", warning: "299 - \"v1 Endpoints is deprecated\"") : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.StartsWith(
            "! The server warns: v1 Endpoints is deprecated.\n  To fix: do what the server says.\n",
            _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1s (^a|)", ExitCode.Stopped)]
    [InlineData("1100ms (^a|)", ExitCode.Failed)]
    public async Task A_list_that_takes_more_than_a_second_is_a_finding(string diagram, int code)
    {
        var list = new Dictionary<char, string> { ['a'] = """{"kind":"List","metadata":{"resourceVersion":"7"},"items":[]}""" };
        _cluster.Before = request => request.Query("limit") == "1" ? new ScriptedResponse(diagram, list) : null;
        Assert.Equal(code, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Equal(
            code == ExitCode.Failed,
            _cluster.Tool.Out.StartsWith("! A list of one object takes 1100 ms.\n  To fix: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_stop_before_the_report_is_no_success(int seconds)
    {
        _cluster.Tool.Stop = Observable.Timer(TimeSpan.FromSeconds(seconds), _cluster.Tool.Clock).Select(_ => Unit.Default);
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache", "--for", "90s"));
        Assert.Equal("", _cluster.Tool.Out);
    }

    [Fact]
    public async Task A_server_that_refuses_the_credentials_exits_with_three()
    {
        _cluster.Before = _ => _cluster.Tool.Status(401, "Unauthorized");
        Assert.Equal(ExitCode.Cluster, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("(401 for GET /version)", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_exits_with_three_after_the_timeout()
    {
        _cluster.Before = _ => new ScriptedResponse("120m ^", new Dictionary<char, string>());
        Assert.Equal(ExitCode.Cluster, await _cluster.Tool.RunAsync("doctor", "cache", "--timeout", "5s"));
        Assert.StartsWith("✗ kube.test:6443 did not answer within 5 s.\n", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_no_api_server_is_told()
    {
        _cluster.Before = request => request.Path == "/version" ? _cluster.Tool.Json("<html>log in</html>") : null;
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache"));
        Assert.Contains("answers, but not as an API server does", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Hostile_texts_are_escaped(string format)
    {
        const string Evil = "\\u001b[31m\\u202e\\n✓ forged";
        _cluster.Services = [ScriptedCluster.CacheService.Replace("\"app\":\"cache\"", $"\"app\":\"{Evil}\"", StringComparison.Ordinal)
            .Replace("10.96.0.7", Evil, StringComparison.Ordinal)];
        _cluster.Before = request => request.Path switch
        {
            "/version" => _cluster.Tool.Json($$"""{"gitVersion":"{{Evil}}"}""", warning: "299 - \"bad \u009b31m\""),
            var path when path.EndsWith("/selfsubjectreviews", StringComparison.Ordinal) =>
                _cluster.Tool.Json($$$"""{"status":{"userInfo":{"username":"{{{Evil}}}","groups":["{{{Evil}}}"]} } }"""),
            var path when path.EndsWith("endpointslices", StringComparison.Ordinal) && !ScriptedCluster.IsWatch(request) =>
                _cluster.Tool.Status(403, "Forbidden", "x\u001b[2J\n✓ forged"),
            _ => null,
        };
        Assert.Equal(ExitCode.Failed, await _cluster.Tool.RunAsync("doctor", "cache", "-o", format));
        Assert.DoesNotContain(_cluster.Tool.Out, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotContain("\n✓ forged", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_doctor_posts_and_only_questions_about_the_user()
    {
        await _cluster.Tool.RunAsync("doctor", "cache");
        Assert.Equal(
            ["/apis/authentication.k8s.io/v1/selfsubjectreviews", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"],
            _cluster.Tool.Http.Requests.Where(r => r.Method != HttpMethod.Get).Select(r => r.Path).Distinct());
    }

    [Theory]
    [InlineData("watch", "--once")]
    [InlineData("ring", "--once")]
    [InlineData("explain", "key")]
    [InlineData("wait", "--for", "ready=2")]
    [InlineData("tree")]
    public async Task All_other_commands_only_read(string command, params string[] rest)
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync([command, "cache", .. rest]));
        Assert.NotEmpty(_cluster.Tool.Http.Requests);
        Assert.All(_cluster.Tool.Http.Requests, request => Assert.Equal(HttpMethod.Get, request.Method));
    }

    // The configuration depends on the machine.
    private static string Printed(ScriptedCluster cluster) => string.Concat(cluster.Tool.Out.Split('\n')
        .Where(line => !line.Contains("kubeconfig", StringComparison.OrdinalIgnoreCase) &&
            !line.Contains("service account", StringComparison.Ordinal))
        .SkipLast(1).Select(line => line + "\n"));

    // The same, where these lines are broken: they are the details of the first check.
    private static string OnTerminal(ScriptedCluster cluster)
    {
        var lines = cluster.Tool.Seen.Split('\n').ToList();
        var first = lines.FindIndex(line => line.EndsWith("namespace prod", StringComparison.Ordinal) && line[0] is ' ' or '✓') + 1;
        lines.RemoveRange(first, lines.FindIndex(first, line => !line.StartsWith(' ')) - first);
        return string.Join('\n', lines);
    }

    private static string Indented(string json)
    {
        var report = JsonNode.Parse(json)!;
        report["checks"]![0]!.AsObject().Remove("details");
        return report.ToJsonString(new() { WriteIndented = true }) + "\n";
    }

    // The first paragraph as one line.
    private static string Unwrapped(ScriptedCluster cluster) => cluster.Tool.Out
        .Replace("\n                   ", " ", StringComparison.Ordinal)
        .Replace("\n  ", " ", StringComparison.Ordinal);
}
