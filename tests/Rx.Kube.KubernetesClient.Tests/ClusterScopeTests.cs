using System.Reflection;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>The scope of each built-in model, beside what the package's own generated methods say of it.</summary>
public sealed class ClusterScopeTests
{
    private static readonly MethodInfo _of = typeof(KubernetesKind).GetMethods()
        .Single(m => m.Name == nameof(KubernetesKind.Of) && m.GetParameters()[0].ParameterType == typeof(bool?));

    [Fact]
    public void Every_built_in_model_has_the_scope_that_the_packages_methods_list_it_in()
    {
        var listed = typeof(IKubernetes).Assembly.GetExportedTypes()
            .Where(t => t.IsInterface).SelectMany(i => i.GetMethods())
            .Where(m => m.Name.StartsWith("List", StringComparison.Ordinal) && ItemOf(m) is not null)
            .GroupBy(m => ItemOf(m)!, m => m.Name.StartsWith("ListNamespaced", StringComparison.Ordinal))
            .ToDictionary(g => g.Key, g => g.Any(isNamespaced => isNamespaced));

        var expected = listed.Select(l => $"{Resource(l.Key)} {(l.Value ? "in namespaces" : "cluster-scoped")}")
            .Order(StringComparer.Ordinal);
        var actual = listed.Keys.Select(t => $"{Resource(t)} {(IsNamespaced(t) ? "in namespaces" : "cluster-scoped")}")
            .Order(StringComparer.Ordinal);

        Assert.True(listed.Count > 60, $"only {listed.Count} models were found");
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_node_is_known_to_be_cluster_scoped_and_a_custom_resource_is_what_its_caller_says()
    {
        Assert.False(KubernetesKind.Of<V1Node>().Namespaced);
        Assert.True(KubernetesKind.Of<Shard>().Namespaced);
        Assert.False(KubernetesKind.Of<Shard>(namespaced: false).Namespaced);
        Assert.True(KubernetesKind.Of<V1Node>(namespaced: true).Namespaced);
    }

    private static Type? ItemOf(MethodInfo list) =>
        list.ReturnType is { IsGenericType: true } task && task.GetGenericArguments()[0] is { IsGenericType: true } response
        && response.GetGenericTypeDefinition() == typeof(HttpOperationResponse<>)
        && response.GetGenericArguments()[0].GetInterfaces().SingleOrDefault(
            i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IItems<>)) is { } items
        && items.GetGenericArguments()[0] is { } item && item.GetCustomAttribute<KubernetesEntityAttribute>() is { PluralName.Length: > 0 }
            ? item
            : null;

    private static string Resource(Type model)
    {
        var entity = model.GetCustomAttribute<KubernetesEntityAttribute>()!;
        return string.IsNullOrEmpty(entity.Group) ? entity.PluralName : $"{entity.PluralName}.{entity.Group}";
    }

    private static bool IsNamespaced(Type model)
    {
        var kind = _of.MakeGenericMethod(model).Invoke(null, [null, null])!;
        return (bool)kind.GetType().GetProperty(nameof(ResourceKind<V1Pod>.Namespaced))!.GetValue(kind)!;
    }

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Shard", PluralName = "shards")]
    private sealed class Shard : IKubernetesObject
    {
        public string ApiVersion { get; set; } = null!;

        public string Kind { get; set; } = null!;
    }
}
