using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Rx.Kube;

/// <summary>Makes a kind of any model that carries KubernetesClient's <c>[KubernetesEntity]</c>.</summary>
public static class KubernetesKind
{
    /// <summary>Describes a model: group, version and plural from its attribute, decoded as KubernetesClient decodes it.</summary>
    /// <typeparam name="T">The model, such as <c>V1ConfigMap</c>, or the class of a custom resource.</typeparam>
    /// <param name="namespaced">False for a cluster-scoped resource: the attribute does not say.</param>
    /// <param name="options">
    /// How to decode; null for KubernetesClient's own options, with whatever <c>KubernetesJson.AddJsonOptions</c> added before the
    /// first object comes. A client made with options of its own passes <c>KubernetesClientConfiguration.JsonSerializerOptions</c>.
    /// </param>
    /// <returns>
    /// The kind. A list's objects carry no <c>apiVersion</c> and <c>kind</c> of their own: they are filled in, so that an object looks
    /// the same listed and watched.
    /// </returns>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has no <c>[KubernetesEntity]</c>, or it names no version or plural.</exception>
    public static ResourceKind<T> Of<T>(bool namespaced = true, JsonSerializerOptions? options = null)
        where T : class, IKubernetesObject
    {
        var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>();
        if (entity is not { ApiVersion.Length: > 0, PluralName.Length: > 0 })
        {
            throw new ArgumentException($"{typeof(T)} needs [KubernetesEntity] with ApiVersion and PluralName to be watched.");
        }

        var group = entity.Group ?? "";
        return new ResourceKind<T>(group, entity.ApiVersion, entity.PluralName, Decoder<T>(group, entity, options), namespaced);
    }

    private static ObjectDecoder<T> Decoder<T>(string group, KubernetesEntityAttribute entity, JsonSerializerOptions? options)
        where T : class, IKubernetesObject
    {
        var apiVersion = group.Length == 0 ? entity.ApiVersion : $"{group}/{entity.ApiVersion}";

        // Not before the first object: decoding freezes the options, and an application may still be adding to them.
        var contract = new Lazy<JsonTypeInfo<T>>(() => (JsonTypeInfo<T>)(options ?? PackageOptions()).GetTypeInfo(typeof(T)));
        return json =>
        {
            var typeInfo = contract.Value;
            try
            {
                var value = JsonSerializer.Deserialize(json, typeInfo) ?? throw new JsonException("the object is null");
                value.ApiVersion ??= apiVersion;
                value.Kind ??= entity.Kind;
                return value;
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or NotSupportedException or ArgumentException
                or OverflowException)
            {
                // The package's converters (dates, quantities) throw these for bad data. It is the object that is at fault.
                throw new JsonException(e.Message, e);
            }
        };
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
