using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace Rx.Kube.Cli.Tests.Granting;

public class RbacCommandTests
{
    [Fact]
    public async Task The_role_of_an_application_equals_its_golden_file() =>
        Golden.Matches("rbac.yaml", await RunAsync("rbac", "-n", "prod", "--serviceaccount", "cache"));

    [Fact]
    public async Task The_roles_of_tree_equal_their_golden_file() => Golden.Matches(
        "rbac-tree.yaml",
        await RunAsync("rbac", "tree", "-n", "prod", "--serviceaccount", "ops:bot", "--user", "jane: x", "--group", "true"));

    [Theory]
    [InlineData("watch", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("ring", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("explain", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("wait", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("record", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("agree", "Role: discovery.k8s.io/endpointslices list watch")]
    [InlineData("doctor", "Role: discovery.k8s.io/endpointslices list watch; /services,pods list")]
    [InlineData("doctor --pods", "Role: discovery.k8s.io/endpointslices list watch; /services list; /pods list watch")]
    [InlineData("tree", "Role: discovery.k8s.io/endpointslices list watch; /services,pods list watch|ClusterRole: /nodes list watch")]
    [InlineData("--nodes --pods", "Role: discovery.k8s.io/endpointslices list watch; /pods list watch|ClusterRole: /nodes list watch")]
    [InlineData("--endpoints", "Role: discovery.k8s.io/endpointslices list watch; /endpoints list watch")]
    [InlineData("-A", "ClusterRole: discovery.k8s.io/endpointslices list watch")]
    [InlineData("tree -A", "ClusterRole: discovery.k8s.io/endpointslices list watch; /services,pods,nodes list watch")]
    public async Task Each_command_gets_the_least(string line, string expected)
    {
        var documents = Documents(await RunAsync(["rbac", .. line.Split(' '), "-n", "prod", "--user", "jane"]));
        Assert.Equal(expected, string.Join('|', documents.Where(d => !Text(d["kind"]).EndsWith("Binding", StringComparison.Ordinal))
            .Select(d => $"{d["kind"]}: {string.Join("; ", ((YamlSequenceNode)d["rules"]).Select(Rule))}")));
    }

    [Fact]
    public async Task Yaml_and_json_say_the_same()
    {
        string[] args = ["rbac", "tree", "-n", "prod", "--serviceaccount", "cache", "--user", "yes", "--group", "a: #b\"\\\n\e[31m\u202e"];
        var yaml = Documents(await RunAsync(args)).Select(Json).ToArray();
        var json = JsonNode.Parse(await RunAsync([.. args, "-o", "json"]))!;
        Assert.Equal("List", (string?)json["kind"]);
        Assert.Equal(json["items"]!.AsArray().Select(d => d!.ToJsonString()), yaml.Select(d => d.ToJsonString()));
    }

    [Fact]
    public async Task A_binding_refers_to_its_role_and_names_all_subjects()
    {
        var documents = Documents(await RunAsync(
            "rbac", "-n", "prod", "--name", "mine", "--serviceaccount", "a", "--serviceaccount", "other:b", "--user", "jane"));
        Assert.Equal("mine", Text(documents[1]["roleRef"]["name"]));
        Assert.Equal(
            ["ServiceAccount prod/a", "ServiceAccount other/b", "User jane"],
            ((YamlSequenceNode)documents[1]["subjects"]).Select(s =>
                $"{s["kind"]} {(Text(s["kind"]) == "ServiceAccount" ? $"{s["namespace"]}/" : "")}{s["name"]}"));
    }

    [Fact]
    public async Task The_namespace_is_that_of_the_context()
    {
        using var config = new Kubeconfig(new Uri("https://127.0.0.1:1"));
        Assert.Contains(
            "  namespace: prod\n", await RunAsync("rbac", "--user", "jane", "--kubeconfig", config.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_that_is_missing_is_wrong_usage()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("rbac", "--user", "jane", "--kubeconfig", "/nowhere/config"));
        Assert.Contains("/nowhere/config", host.Error, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(args));
        Assert.Equal("", host.Error);
        Assert.DoesNotContain(host.Out, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        return host.Out;
    }

    private static YamlNode[] Documents(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return [.. yaml.Documents.Select(d => d.RootNode)];
    }

    private static string Rule(YamlNode rule) =>
        $"{string.Join(',', (YamlSequenceNode)rule["apiGroups"])}/{string.Join(',', (YamlSequenceNode)rule["resources"])} " +
        string.Join(' ', (YamlSequenceNode)rule["verbs"]);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static JsonNode Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(Text(c.Key), (JsonNode?)Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        _ => JsonValue.Create(Text(node)),
    };
}
