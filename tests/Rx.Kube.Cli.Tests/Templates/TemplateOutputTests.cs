using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Templates;
using Rx.Kube.Cli.Tests.Agreeing;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;
using static Rx.Kube.Cli.Tests.Harness.FakeProcesses;

namespace Rx.Kube.Cli.Tests.Templates;

/// <summary>Runs each command with <c>-o template=TEXT</c>.</summary>
public sealed class TemplateOutputTests : IDisposable
{
    private const string Process = "http://10.1.0.1:8080/rxkube";

    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-template-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(
        "watch cache", "{{.version}}:{{range .endpoints}} {{.member}}={{.addresses}}{{end}}",
        "1: cache-0=10.0.0.1\n2: cache-0=10.0.0.1 cache-1=10.0.0.2\n")]
    [InlineData("watch cache", "{{range .added}}{{.}} joined\\n{{end}}", "cache-0 joined\ncache-1 joined\n")]
    [InlineData(
        "watch cache --once", "{{.service}}{{range .endpoints}}{{range .ports}} {{.name}}:{{.port}}{{end}}{{end}}",
        "prod/cache gossip:7946 http:8080\n")]
    [InlineData("record cache -f {0}/file", "{{.version}} {{.freshness}}", "1 live\n2 live\n")]
    [InlineData(
        "ring cache --self cache-0", "{{range .members}}{{.member}} {{end}}{{.self.member}}",
        "cache-0 cache-0\ncache-0 cache-1 cache-0\n")]
    [InlineData("explain cache user:42", "{{.key}} {{.owner}} {{range .replicas}}{{.why}}{{end}}", "user:42 cache-0 owner\n")]
    [InlineData("wait cache --for ready=2", "{{.met}} {{range .conditions}}{{.condition}} {{.met}}{{end}}", "true ready=2 true\n")]
    public async Task A_command_on_a_service_prints_the_fields_of_its_json(string line, string template, string expected)
    {
        var host = await PlayAsync([.. string.Format(null, line, _folder).Split(' '), "-o", "template=" + template]);
        Assert.Equal(expected, host.Out);
    }

    [Theory]
    [InlineData("replay {0}", "{{.version}}: {{.added}}", "1: cache-0\n2: cache-1\n")]
    [InlineData("replay {0} --view ring", "{{.version}}: {{range .members}}{{.member}} {{end}}", "1: cache-0 \n2: cache-0 cache-1 \n")]
    [InlineData("replay {0} --view explain --key k --until 0s", "{{.key}} {{.owner}}", "k cache-0\n")]
    [InlineData("replay {0} --view tree --once", "{{range .slices}}{{.slice}}{{range .endpoints}} {{.member}}{{end}}{{end}}",
        "cache-abc cache-0\n")]
    [InlineData("replay --diff {0} {0}", "{{.equal}} {{.before.members}} {{.joined}}", "true 2 \n")]
    public async Task A_recording_is_printed_with_the_fields_of_its_view(string line, string template, string expected)
    {
        var file = Path.Combine(_folder, "recording");
        await PlayAsync(["record", "cache", "-f", file]);
        var host = new FakeHost();
        Assert.Equal(
            ExitCode.Stopped, await host.RunAsync([.. string.Format(null, line, file).Split(' '), "-o", "template=" + template]));
        Assert.Equal(expected, host.Out);
    }

    [Fact]
    public async Task Tree_and_doctor_print_the_fields_of_their_json()
    {
        var tree = new ScriptedCluster();
        Assert.Equal(ExitCode.Stopped, await tree.Tool.RunAsync(
            "tree", "cache", "-o", "template={{.clusterIP}}{{range .slices}} {{.slice}}{{range .endpoints}} {{.member}}{{end}}{{end}}"));
        Assert.Equal("10.96.0.7 cache-abc cache-0 cache-1\n", tree.Tool.Out);

        var doctor = new ScriptedCluster();
        Assert.Equal(ExitCode.Stopped, await doctor.Tool.RunAsync(
            "doctor", "cache", "-o", "template={{.ok}}{{range .checks}} {{.id}}{{.skewSeconds}}{{end}}"));
        Assert.StartsWith("true configuration", doctor.Tool.Out, StringComparison.Ordinal);
        Assert.Contains(" clock0 ", doctor.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agree_prints_the_fields_of_its_json()
    {
        var host = await AgreeAsync("template={{.agreed}}{{range .services}}{{range .processes}} {{.url}} {{.state}}{{end}}{{end}}");
        Assert.Equal($"true {Process} agrees\n", host.Out);
    }

    [Theory]
    [InlineData("watch cache", "{{.endpoint}}", "'endpoint' is not a field of the output. Did you mean endpoints?")]
    [InlineData("ring cache", "{{range .members}}{{.shar}}{{end}}", "'shar' is not a field of an element of .members. Did you mean share?")]
    [InlineData("explain cache k", "{{.ownr}}", "Did you mean owner?")]
    [InlineData("record cache -f {0}", "{{.fingerprint}}", "'fingerprint' is not a field of the output. Its fields are service, ")]
    [InlineData("wait cache --for ready=1", "{{.mt}}", "Did you mean met?")]
    [InlineData("tree cache", "{{.slice}}", "Did you mean slices?")]
    [InlineData("doctor cache", "{{range .checks}}{{.sate}}{{end}}", "Did you mean state?")]
    [InlineData("agree 10.0.0.1:80", "{{.agree}}", "Did you mean agreed?")]
    [InlineData("replay {0}/none", "{{.owner}}", "'owner' is not a field")]
    [InlineData("replay {0}/none --view explain --key k", "{{.moved}}", "'moved' is not a field")]
    [InlineData("replay --diff {0}/none {0}/none", "{{.service}}", "'service' is not a field")]
    public async Task A_mistake_is_told_before_anything_is_sent(string line, string template, string expected)
    {
        foreach (var output in new[] { new[] { "-o", "template=" + template }, ["--output=template=" + template] })
        {
            var host = new FakeHost();
            Assert.Equal(ExitCode.Usage, await host.RunAsync([.. string.Format(null, line, _folder).Split(' '), .. output]));
            Assert.Contains(expected, host.Error, StringComparison.Ordinal);
            Assert.Contains(" template: ", host.Error, StringComparison.Ordinal);
            Assert.Null(host.Notice); // nothing was opened
        }
    }

    [Theory]
    [InlineData("template")]
    [InlineData("templat={{.service}}")]
    [InlineData("jsonpath={.service}")]
    public async Task Another_notation_of_the_format_is_answered_with_the_formats(string output)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("watch", "cache", "-o", output));
        Assert.Contains("is not one of table, text, json, template=TEXT.", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_from_the_network_are_escaped_and_the_text_of_the_user_is_not()
    {
        var host = new FakeHost();
        var run = host.RunAsync(
            "watch", "cache", "--once", "-o", "template=\e[1m{{range .endpoints}}{{.member}} {{.zone}} {{.addresses}}{{end}} {{.version}}");
        host.Emit(Listed("1\e[2J", Pod("\e[31m\n+ {{.service}}", "10.0.0.1\r", zone: "\u202ez")));
        await run;
        Assert.StartsWith("\e[1m", host.Out, StringComparison.Ordinal);
        Assert.Equal(@"\x1b[31m\n+ {{.service}} \u202ez 10.0.0.1\r 1\x1b[2J" + "\n", host.Out[4..]);
    }

    // With "-o json" on what the other tests of a command show, so that a field of the JSON that a template cannot name is found.
    [Fact]
    public async Task The_json_of_every_command_has_only_fields_that_a_template_knows()
    {
        var file = Path.Combine(_folder, "recording");
        await PlayAsync(["record", "cache", "-f", file]);
        var (tree, doctor, diff) = (new ScriptedCluster(), new ScriptedCluster(), new FakeHost());
        await tree.Tool.RunAsync("tree", "cache", "-o", "json");
        await doctor.Tool.RunAsync("doctor", "cache", "-o", "json");
        await diff.RunAsync("replay", "--diff", file, file, "-o", "json");
        var wait = (await PlayAsync(["wait", "cache", "--for", "ready=2", "-o", "json"])).Out;
        Check(Shapes.Watch, (await PlayAsync(["watch", "cache", "-o", "json"], isLost: true)).Out);
        Check(Shapes.Ring, (await PlayAsync(["ring", "cache", "--self", "cache-0", "-o", "json"], isLost: true)).Out);
        Check(Shapes.Explain, (await PlayAsync(["explain", "cache", "k", "-o", "json"])).Out);
        Check(Shapes.Wait, wait);
        Check(Shapes.Tree, tree.Tool.Out + Golden("tree.json"));
        Check(Shapes.Doctor, doctor.Tool.Out + Golden("doctor.json"));
        Check(Shapes.Agree, (await AgreeAsync("json")).Out);
        Check(Shapes.Diff, diff.Out);

        static string Golden(string name) =>
            File.ReadAllText(Path.Combine(Repository.Root, "tests", "Rx.Kube.Cli.Tests", "Golden", name)).ReplaceLineEndings("");
    }

    private static void Check(Shape shape, string lines)
    {
        Assert.NotEqual("", lines);
        foreach (var line in lines.Replace("}{", "}\n{", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Walk(shape, json.RootElement, "");
        }

        static void Walk(Shape shape, JsonElement value, string path)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    Assert.All(value.EnumerateObject(), field => Walk(
                        Assert.IsType<Shape.Object>(shape).Find(field.Name)
                            ?? throw new InvalidOperationException($"{path}.{field.Name} is not in Shapes.cs."),
                        field.Value, $"{path}.{field.Name}"));
                    break;
                case JsonValueKind.Array:
                    Assert.All(value.EnumerateArray(), element => Walk(Assert.IsType<Shape.List>(shape).Element, element, path));
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    Assert.IsType<Shape.Scalar>(shape);
                    break;
            }
        }
    }

    private static async Task<FakeHost> PlayAsync(string[] args, bool isLost = false)
    {
        var host = new FakeHost();
        var run = host.RunAsync(args);
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(1);
        host.Emit(Modified("2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.Emit(isLost ? [Interrupted(FakeHost.Start.AddSeconds(1), 1)] : []);
        host.Stop.OnNext(default);
        Assert.Equal(ExitCode.Stopped, await run);
        return host;
    }

    private static async Task<FakeHost> AgreeAsync(string output)
    {
        var host = new FakeHost { Processes = new FakeProcesses().Tell(Process, Belief("1", ["cache-0"])) };
        var list = Listed("1", Pod("cache-0", "10.0.0.1"));
        Assert.Equal(ExitCode.Stopped, await AgreeCommandTests.RunAsync(host, [Process, "-o", output], h => h.Emit(list)));
        return host;
    }
}
