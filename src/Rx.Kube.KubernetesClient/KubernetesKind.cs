using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Rx.Kube;

/// <summary>Creates a kind for any model with KubernetesClient's <c>[KubernetesEntity]</c> attribute.</summary>
/// <remarks>
/// For a class without the attribute use
/// <see cref="ResourceKind{T}(string, string, string, JsonTypeInfo{T}, bool)"/>, which takes group, version and plural.
/// </remarks>
public static class KubernetesKind
{
    /// <summary>Describes a model by its attribute, decoded as KubernetesClient decodes it.</summary>
    /// <typeparam name="T">The model, such as <c>V1ConfigMap</c>, or the class of a custom resource.</typeparam>
    /// <param name="namespaced">
    /// False for a cluster-scoped resource, true for a namespaced one. The default is null: the scope of built-in Kubernetes resources is
    /// known, and any other resource counts as namespaced, because the attribute does not contain the scope. For a cluster-scoped custom
    /// resource, pass false.
    /// </param>
    /// <param name="options">
    /// The options for decoding; null for KubernetesClient's own options, including the changes made with
    /// <c>KubernetesJson.AddJsonOptions</c> before the first subscription. If the client was created with its own options, pass
    /// <c>KubernetesClientConfiguration.JsonSerializerOptions</c>.
    /// </param>
    /// <returns>
    /// The kind. The server omits <c>apiVersion</c> and <c>kind</c> from the objects in a list; they are filled in, so that a listed object
    /// looks the same as a watched one. Subscribing to a watch or a list of this kind causes OnError with a
    /// <see cref="KubeConfigurationException"/> if the options have no contract for <typeparamref name="T"/>, as may be the case in a
    /// trimmed program.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// <typeparamref name="T"/> has no <c>[KubernetesEntity]</c>, or this attribute has no version or no plural.
    /// </exception>
    public static ResourceKind<T> Of<T>(bool? namespaced = null, JsonSerializerOptions? options = null)
        where T : class, IKubernetesObject
    {
        // Not before a subscription: asking for a contract freezes the options, and the application may still add to them.
        return Describe(() => Contract<T>(options ?? PackageOptions()), namespaced);
    }

    /// <summary>Describes a model by its attribute, decoded by a JSON contract: the form for trimmed and AOT programs.</summary>
    /// <typeparam name="T">The class of a custom resource.</typeparam>
    /// <param name="typeInfo">The contract, normally from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="namespaced">As for the other overload.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <typeparamref name="T"/> has no <c>[KubernetesEntity]</c>, or this attribute has no version or no plural.
    /// </exception>
    public static ResourceKind<T> Of<T>(JsonTypeInfo<T> typeInfo, bool? namespaced = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return Describe(() => typeInfo, namespaced);
    }

    private static ResourceKind<T> Describe<T>(Func<JsonTypeInfo<T>> contract, bool? namespaced)
        where T : class
    {
        var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>();
        if (entity is not { ApiVersion.Length: > 0, PluralName.Length: > 0 })
        {
            throw new ArgumentException($"{typeof(T)} needs [KubernetesEntity] with ApiVersion and PluralName to be watched.");
        }

        var group = entity.Group ?? "";
        var apiVersion = group.Length == 0 ? entity.ApiVersion : $"{group}/{entity.ApiVersion}";
        return new ResourceKind<T>(
            group, entity.ApiVersion, entity.PluralName,
            () =>
            {
                var typeInfo = contract();
                return json => Decode(json, typeInfo, apiVersion, entity.Kind);
            },
            namespaced ?? !ClusterScopedKinds.Contains(group, entity.PluralName));
    }

    private static T Decode<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> typeInfo, string apiVersion, string? kind)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize(json, typeInfo) ?? throw new JsonException("the object is null");
            if (value is IKubernetesObject o)
            {
                o.ApiVersion ??= apiVersion;
                o.Kind ??= kind;
            }

            return value;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or NotSupportedException or ArgumentException
            or OverflowException)
        {
            // The package's converters (dates, quantities) throw these for bad data: the object is at fault.
            throw new JsonException(e.Message, e);
        }
    }

    private static JsonTypeInfo<T> Contract<T>(JsonSerializerOptions options)
    {
        try
        {
            return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new KubeConfigurationException(
                $"{typeof(T)} cannot be decoded: the JSON options have no contract for it ({e.Message}) " +
                $"To fix: put [JsonSerializable(typeof({typeof(T).Name}))] on a JsonSerializerContext, and call KubernetesKind.Of with " +
                "the context's contract, or add the context to the options (TypeInfoResolverChain).",
                e);
        }
    }

    // KubernetesJson has public Deserialize<T> for strings and streams only; this hands out the options it uses,
    // so that bytes are decoded where they lie.
    private static JsonSerializerOptions PackageOptions()
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(o => options = o);
        return options!;
    }
}
