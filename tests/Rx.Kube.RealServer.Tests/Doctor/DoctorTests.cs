using System.Text.Json.Nodes;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.RealServer.Tests.Watch;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.RealServer.Tests.Doctor;

/// <summary>Runs <c>rxkube doctor</c>, and applies what <c>rxkube rbac</c> prints.</summary>
public sealed class DoctorTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_good_server_is_well_a_lister_gets_its_role_and_kubectl_applies_what_rbac_prints()
    {
        await server.RestartAsync(server.RolesFlags);
        (await server.KubectlAsync("create --validate=false -f -", $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: cache, namespace: {{server.Namespace}} }
            spec: { selector: { app: cache }, ports: [{ name: http, port: 80, protocol: TCP, targetPort: 8080 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: cache-1, namespace: {{server.Namespace}}, labels: { kubernetes.io/service-name: cache } }
            addressType: IPv4
            ports: [{ name: http, port: 8080, protocol: TCP }]
            endpoints: [{ addresses: [10.0.0.1], conditions: { ready: true } }]
            """)).OutputOrThrow();

        var (code, report) = await RunAsync(server.Tokens.Reader);
        Assert.Equal((0, $"All is well with {server.Namespace}/cache"), (code, (string?)report["summary"]));
        Assert.Equal("reader", (string?)CheckOf(report, "identity")["user"]);
        Assert.Equal("all that a watch needs", (string?)CheckOf(report, "permissions")["text"]);
        Assert.True((bool)CheckOf(report, "streaming-lists")["served"]!);
        Assert.True((bool)CheckOf(report, "protobuf")["served"]!);

        (code, report) = await RunAsync(server.Tokens.Lister);
        Assert.Equal(1, code);
        Assert.StartsWith("The user lister may not watch endpointslices", (string?)report["summary"], StringComparison.Ordinal);
        await ApplyAsync((string)CheckOf(report, "watch")["manifest"]!);

        foreach (var format in new[] { "yaml", "json" })
        {
            var manifest = (await WatchTool.RunAsync(
                "rbac", "tree", "-n", server.Namespace, "--serviceaccount", "cache", "--user", "jane: x", "-o", format)).OutputOrThrow();
            await ApplyAsync(manifest);
        }

        var bindings = (await server.KubectlAsync("get rolebindings,clusterrolebindings -o name")).OutputOrThrow();
        Assert.Contains("rolebinding.rbac.authorization.k8s.io/rxkube-tree\n", bindings, StringComparison.Ordinal);
        Assert.Contains($"clusterrolebinding.rbac.authorization.k8s.io/rxkube-tree-{server.Namespace}", bindings, StringComparison.Ordinal);
        Assert.Contains("rolebinding.rbac.authorization.k8s.io/watch-endpointslices", bindings, StringComparison.Ordinal);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task The_commands_of_getting_started_create_what_a_watch_needs()
    {
        await server.RestartAsync(server.RolesFlags);
        var commands = Repository.Read("docs/getting-started.md").Split('\n')
            .Where(line => line.StartsWith("kubectl ", StringComparison.Ordinal)).Select(line => line["kubectl ".Length..]).ToList();
        Assert.Equal(2, commands.Count);
        Assert.All(commands, command => Assert.EndsWith(" -n prod", command, StringComparison.Ordinal));
        await server.KubectlAsync("create namespace prod --validate=false");

        foreach (var command in commands)
        {
            (await server.KubectlAsync($"{command} --validate=false")).OutputOrThrow();
        }

        async Task<JsonNode> GetAsync(string what) =>
            JsonNode.Parse((await server.KubectlAsync($"get {what} watch-endpointslices -n prod -o json")).OutputOrThrow())!;
        var rule = Assert.Single((await GetAsync("role"))["rules"]!.AsArray())!;
        Assert.Equal(
            ("""["discovery.k8s.io"]""", """["endpointslices"]""", """["list","watch"]"""),
            (rule["apiGroups"]!.ToJsonString(), rule["resources"]!.ToJsonString(), rule["verbs"]!.ToJsonString()));
        var binding = await GetAsync("rolebinding");
        Assert.Equal("Role watch-endpointslices", $"{binding["roleRef"]!["kind"]} {binding["roleRef"]!["name"]}");
        var subject = Assert.Single(binding["subjects"]!.AsArray())!;
        Assert.Equal("ServiceAccount prod shop", $"{subject["kind"]} {subject["namespace"]} {subject["name"]}");
    }

    [RealServerFact]
    public async Task A_server_that_answers_no_question_about_the_user_gives_the_evidence_of_a_list_and_a_watch()
    {
        var (code, report) = await RunAsync(server.Tokens.Lister);
        Assert.Equal(1, code);
        Assert.StartsWith("The user lister may not watch endpointslices", (string?)report["summary"], StringComparison.Ordinal);
        Assert.Equal("ok", (string?)CheckOf(report, "list")["state"]);
    }

    private async Task ApplyAsync(string manifest) => (await server.KubectlAsync("apply --validate=false -f -", manifest)).OutputOrThrow();

    private static JsonNode CheckOf(JsonNode report, string id) => report["checks"]!.AsArray().Single(c => (string?)c!["id"] == id)!;

    private async Task<(int ExitCode, JsonNode Report)> RunAsync(string token)
    {
        var result = await WatchTool.RunAsync("doctor", "cache", "--kubeconfig", server.Kubeconfig(token), "--for", "3s", "-o", "json");
        return (result.ExitCode, JsonNode.Parse(result.Output) ?? throw new InvalidOperationException(result.Error));
    }
}
