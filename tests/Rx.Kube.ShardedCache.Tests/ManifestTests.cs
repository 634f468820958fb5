using System.Diagnostics;
using k8s;
using k8s.Models;
using Rx.Kube.Simulator.Tests;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>The manifests of the sample are valid, and say what docs/scaling.md says.</summary>
public sealed class ManifestTests
{
    private const string Folder = "samples/ShardedCache/k8s";

    private static readonly string[] _files = Directory.GetFiles(Repository.PathOf(Folder), "*.yaml");

    private static List<object> All => [.. _files.SelectMany(Load)];

    [Fact]
    public void KubernetesClient_reads_them_strictly() => Assert.All(_files, file => Assert.NotEmpty(Load(file)));

    [KubectlFact]
    public async Task Kubectl_reads_them()
    {
        foreach (var file in _files)
        {
            using var kubectl = Process.Start(new ProcessStartInfo("kubectl")
            {
                ArgumentList = { "label", "--local", "-f", file, "x=y", "-o", "yaml" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, error) = (kubectl.StandardOutput.ReadToEndAsync(), kubectl.StandardError.ReadToEndAsync());
            await kubectl.WaitForExitAsync();

            Assert.True(kubectl.ExitCode == 0, $"{file}: {await error}");
            Assert.Contains("x: \"y\"", await output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_role_permits_what_the_program_does_and_nothing_else()
    {
        var rule = Assert.Single(Assert.Single(All.OfType<V1Role>()).Rules);
        var subject = Assert.Single(Assert.Single(All.OfType<V1RoleBinding>()).Subjects);

        Assert.Equal(["discovery.k8s.io"], rule.ApiGroups);
        Assert.Equal(["endpointslices"], rule.Resources);
        Assert.Equal(["list", "watch"], rule.Verbs);
        Assert.Equal(("cache", "prod"), (subject.Name, subject.NamespaceProperty));
    }

    [Fact]
    public void The_names_and_labels_of_the_objects_fit_together()
    {
        var pods = Assert.Single(All.OfType<V1StatefulSet>());
        var service = Assert.Single(All.OfType<V1Service>());
        var template = pods.Spec.Template;

        Assert.Equal(service.Name(), pods.Spec.ServiceName);
        Assert.Equal("None", service.Spec.ClusterIP);
        Assert.Null(service.Spec.PublishNotReadyAddresses);
        Assert.Equal(template.Metadata.Labels, pods.Spec.Selector.MatchLabels);
        Assert.Equal(template.Metadata.Labels, service.Spec.Selector);
        var budget = Assert.Single(All.OfType<V1PodDisruptionBudget>()).Spec;
        Assert.Equal(template.Metadata.Labels, budget.Selector.MatchLabels);
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Equal(Assert.Single(All.OfType<V1ServiceAccount>()).Name(), template.Spec.ServiceAccountName);
        Assert.All(All.Cast<IMetadata<V1ObjectMeta>>(), each => Assert.Equal("prod", each.Metadata.NamespaceProperty));
    }

    [Fact]
    public void A_pod_has_time_to_drain_and_is_restricted()
    {
        var pod = Assert.Single(All.OfType<V1StatefulSet>()).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var options = new global::ShardedCache.CacheOptions();

        Assert.True(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) > options.DrainLimit + TimeSpan.FromSeconds(20));
        Assert.Equal(("/health/ready", "/health/live"), (container.ReadinessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path));
        Assert.Equal(
            [
                ("POD_NAME", "metadata.name"), ("NODE_NAME", "spec.nodeName"),
                ("NODE_ZONE", "metadata.labels['topology.kubernetes.io/zone']"),
            ],
            container.Env.Where(env => env.ValueFrom is not null).Select(env => (env.Name, env.ValueFrom.FieldRef.FieldPath)));
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
    }

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true);
}
