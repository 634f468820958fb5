using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rx.Kube;

/// <summary>Turns the UTF-8 JSON of one object into a value.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="utf8Json">One JSON object, whole. It is only valid during the call.</param>
/// <returns>The value.</returns>
/// <exception cref="JsonException">The object does not fit the kind: it is reported and skipped.</exception>
public delegate T ObjectDecoder<out T>(ReadOnlySpan<byte> utf8Json);

/// <summary>A resource of the API server and how its objects are decoded.</summary>
/// <typeparam name="T">What an object is decoded to: a model of yours, or any type with a <see cref="JsonTypeInfo{T}"/>.</typeparam>
public sealed class ResourceKind<T>
{
    private readonly Func<ObjectDecoder<T>>? _createDecoder;

    /// <summary>Describes a resource with a decoder of your own.</summary>
    /// <param name="group">The API group, such as <c>discovery.k8s.io</c>; empty for the core group.</param>
    /// <param name="version">The API version, such as <c>v1</c>.</param>
    /// <param name="plural">The resource as it stands in the path, such as <c>endpointslices</c>.</param>
    /// <param name="decoder">Decodes one object.</param>
    /// <param name="namespaced">False for a cluster-scoped resource such as nodes.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> or <paramref name="plural"/> is empty.</exception>
    public ResourceKind(string group, string version, string plural, ObjectDecoder<T> decoder, bool namespaced = true)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentException.ThrowIfNullOrEmpty(version);
        ArgumentException.ThrowIfNullOrEmpty(plural);
        ArgumentNullException.ThrowIfNull(decoder);
        (Group, Version, Plural, Decode, Namespaced) = (group, version, plural, decoder, namespaced);
    }

    /// <summary>Describes a resource by the JSON contract of its type.</summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The API version.</param>
    /// <param name="plural">The resource as it stands in the path.</param>
    /// <param name="typeInfo">The contract, normally from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="namespaced">False for a cluster-scoped resource.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> or <paramref name="plural"/> is empty.</exception>
    public ResourceKind(string group, string version, string plural, JsonTypeInfo<T> typeInfo, bool namespaced = true)
        : this(group, version, plural, DecoderOf(typeInfo), namespaced)
    {
    }

    /// <summary>Describes a resource whose decoder is made for each subscription.</summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The API version.</param>
    /// <param name="plural">The resource as it stands in the path.</param>
    /// <param name="createDecoder">
    /// Makes a decoder. What it throws ends the subscription with OnError before anything is sent; on a resumed stream only a
    /// <see cref="KubeConfigurationException"/> does, and only before the first watch is open.
    /// </param>
    /// <param name="namespaced">False for a cluster-scoped resource.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="version"/> or <paramref name="plural"/> is empty.</exception>
    public ResourceKind(string group, string version, string plural, Func<ObjectDecoder<T>> createDecoder, bool namespaced = true)
        : this(group, version, plural, Late(createDecoder), namespaced) => _createDecoder = createDecoder;

    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; }

    /// <summary>The API version.</summary>
    public string Version { get; }

    /// <summary>The resource as it stands in the path.</summary>
    public string Plural { get; }

    /// <summary>Whether objects of this kind live in a namespace.</summary>
    public bool Namespaced { get; }

    /// <summary>Decodes one object.</summary>
    public ObjectDecoder<T> Decode { get; }

    /// <summary>The resource as RBAC names it: <c>endpointslices.discovery.k8s.io</c>.</summary>
    /// <returns>The plural and the group.</returns>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Makes the decoder of one subscription.</summary>
    internal ObjectDecoder<T> CreateDecoder() => _createDecoder is null ? Decode : _createDecoder();

    private static ObjectDecoder<T> Late(Func<ObjectDecoder<T>> createDecoder)
    {
        ArgumentNullException.ThrowIfNull(createDecoder);
        return json => createDecoder()(json);
    }

    private static ObjectDecoder<T> DecoderOf(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return json => JsonSerializer.Deserialize(json, typeInfo) ?? throw new JsonException("the object is null");
    }
}
