using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Granting;

/// <summary>Implements <c>rxkube rbac</c>.</summary>
internal static class RbacCommand
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>Prints the Role and the RoleBinding. Nothing is sent.</summary>
    /// <param name="settings">What to grant, and to whom.</param>
    /// <param name="host">The terminal and the clock.</param>
    /// <returns>The exit code.</returns>
    public static int Run(RbacSettings settings, CliHost host)
    {
        var manifests = Manifests(settings, settings.Namespace ?? NamespaceOf(settings, host));
        var block = settings.Output == OutputFormat.Json
            ? OutputBlock.Json(json =>
            {
                json.WriteString("apiVersion", "v1");
                json.WriteString("kind", "List");
                json.WriteStartArray("items");
                foreach (var manifest in manifests)
                {
                    manifest.WriteTo(json);
                }

                json.WriteEndArray();
            })
            : OutputBlock.Lines(manifests.SelectMany((manifest, index) =>
                index == 0 ? ManifestYaml.Lines(manifest) : ManifestYaml.Lines(manifest).Prepend("---")));
        block.WriteTo(host.Out);
        return ExitCode.Stopped;
    }

    private static string NamespaceOf(RbacSettings settings, CliHost host)
    {
        try
        {
            using var connection = KubeConnection.Default(new KubeConnectionOptions
            {
                Scheduler = host.Scheduler,
                KubeconfigPaths = settings.Kubeconfig is { } file ? [file] : null,
                Context = settings.Context,
            });
            return connection.Namespace;
        }
        catch (KubeConfigurationException) when (settings.Kubeconfig is null && settings.Context is null)
        {
            return "default"; // no cluster is needed
        }
        catch (KubeConfigurationException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static IReadOnlyList<JsonObject> Manifests(RbacSettings settings, string @namespace)
    {
        var grants = Grants.Of(settings);
        var ofCluster = grants.Where(g => g.IsOfCluster || settings.AllNamespaces).ToList();
        var ofNamespace = grants.Except(ofCluster).ToList();
        return
        [
            .. ofNamespace.Count == 0 ? [] : Pair(settings, @namespace, ofNamespace, isOfCluster: false),
            .. ofCluster.Count == 0 ? [] : Pair(settings, @namespace, ofCluster, isOfCluster: true),
        ];
    }

    private static IEnumerable<JsonObject> Pair(RbacSettings settings, string @namespace, List<Grant> grants, bool isOfCluster)
    {
        var name = settings.Name ?? Grants.NameFor(settings.Command);
        var kind = isOfCluster ? "ClusterRole" : "Role";
        JsonObject Metadata()
        {
            // Cluster roles of two namespaces are two.
            var metadata = new JsonObject { ["name"] = isOfCluster && !settings.AllNamespaces ? $"{name}-{@namespace}" : name };
            if (!isOfCluster)
            {
                metadata["namespace"] = @namespace;
            }

            return metadata;
        }

        yield return new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1",
            ["kind"] = kind,
            ["metadata"] = Metadata(),
            ["rules"] = new JsonArray([.. grants.GroupBy(g => (g.Group, g.IsWatched)).Select(same => new JsonObject
            {
                ["apiGroups"] = new JsonArray(same.Key.Group),
                ["resources"] = new JsonArray([.. same.Select(g => JsonValue.Create(g.Resource))]),
                ["verbs"] = same.Key.IsWatched ? new JsonArray("list", "watch") : new JsonArray("list"),
            })]),
        };
        yield return new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1",
            ["kind"] = kind + "Binding",
            ["metadata"] = Metadata(),
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = (string?)Metadata()["name"] },
            ["subjects"] = new JsonArray([.. Subjects(settings, @namespace)]),
        };
    }

    private static IEnumerable<JsonObject> Subjects(RbacSettings settings, string @namespace) =>
    [
        .. settings.ServiceAccounts.Select(account => account.Split(':')).Select(parts => new JsonObject
        {
            ["kind"] = "ServiceAccount",
            ["name"] = parts[^1],
            ["namespace"] = parts.Length > 1 ? parts[0] : @namespace,
        }),
        .. settings.Users.Select(user => Named("User", user)),
        .. settings.Groups.Select(group => Named("Group", group)),
    ];

    private static JsonObject Named(string kind, string name) => new() { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = name };
}
