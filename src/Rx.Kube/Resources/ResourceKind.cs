using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Decodes one object.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <param name="data">The whole object as the server sent it, in UTF-8 JSON. It is valid only during the call.</param>
/// <returns>The result.</returns>
/// <exception cref="JsonException">
/// The object does not fit the kind. It is reported and skipped. A decoder must also throw if something follows the object, as
/// <see cref="JsonSerializer"/> does: that is how several events on one line are noticed.
/// </exception>
public delegate T ObjectDecoder<out T>(ReadOnlySpan<byte> data);

/// <summary>A resource of the API server and the decoders of its objects. Immutable and thread-safe.</summary>
/// <typeparam name="T">The type that an object is decoded to: your own model, or any type with a <see cref="JsonTypeInfo{T}"/>.</typeparam>
/// <example><code>
/// var caches = new ResourceKind&lt;Cache&gt;("example.com", "v1", "caches", MyJsonContext.Default.Cache);
/// </code></example>
public sealed class ResourceKind<T>
{
    /// <summary>Describes a resource whose objects a stateless function decodes from JSON.</summary>
    /// <param name="group">The API group, such as <c>discovery.k8s.io</c>; empty for the core group.</param>
    /// <param name="version">The API version, such as <c>v1</c>.</param>
    /// <param name="plural">The resource as it appears in the path, such as <c>endpointslices</c>.</param>
    /// <param name="decoder">Decodes one object. All subscriptions share it, on any thread.</param>
    /// <param name="namespaced">False for a cluster-scoped resource such as nodes.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="group"/> is neither empty nor a DNS subdomain, or <paramref name="version"/> or <paramref name="plural"/> is not a
    /// DNS label.
    /// </exception>
    public ResourceKind(string group, string version, string plural, ObjectDecoder<T> decoder, bool namespaced = true)
        : this(group, version, plural, Shared(decoder), namespaced)
    {
    }

    /// <summary>Describes a resource whose decoder has state, such as a pool of strings: each subscription gets its own.</summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The API version.</param>
    /// <param name="plural">The resource as it appears in the path.</param>
    /// <param name="createDecoder">
    /// Creates the decoder of a subscription, which decodes JSON. An exception that it throws is reported through the OnError of the
    /// subscription. The decoder must allow calls on several threads: the last event of one request may overlap with the first event of the
    /// next.
    /// </param>
    /// <param name="namespaced">False for a cluster-scoped resource.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="group"/> is neither empty nor a DNS subdomain, or <paramref name="version"/> or <paramref name="plural"/> is not a
    /// DNS label.
    /// </exception>
    public ResourceKind(string group, string version, string plural, Func<ObjectDecoder<T>> createDecoder, bool namespaced = true)
        : this(group, version, plural, namespaced, new FormatDecoder<T>(JsonWireFormat.Instance, _ => createDecoder())) =>
        ArgumentNullException.ThrowIfNull(createDecoder);

    /// <summary>Describes a resource by the JSON contract of its type: the way to watch a custom resource.</summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The API version.</param>
    /// <param name="plural">The resource as it appears in the path.</param>
    /// <param name="typeInfo">The contract, normally from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="namespaced">False for a cluster-scoped resource.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="group"/> is neither empty nor a DNS subdomain, or <paramref name="version"/> or <paramref name="plural"/> is not a
    /// DNS label.
    /// </exception>
    public ResourceKind(string group, string version, string plural, JsonTypeInfo<T> typeInfo, bool namespaced = true)
        : this(group, version, plural, DecoderOf(typeInfo), namespaced)
    {
    }

    /// <summary>Describes a resource that can be read in several formats.</summary>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="version">The API version.</param>
    /// <param name="plural">The resource as it appears in the path.</param>
    /// <param name="namespaced">False for a cluster-scoped resource.</param>
    /// <param name="formats">The formats, the preferred one first. Answers of an unknown media type are read in the last one.</param>
    internal ResourceKind(string group, string version, string plural, bool namespaced, params FormatDecoder<T>[] formats)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentException.ThrowIfNullOrEmpty(version);
        ArgumentException.ThrowIfNullOrEmpty(plural);
        Group = KubeNames.Group(group, nameof(group));
        Version = KubeNames.PathPart(version, "version", nameof(version));
        Plural = KubeNames.PathPart(plural, "plural", nameof(plural));
        (Namespaced, Formats) = (namespaced, formats);
    }

    /// <summary>Gets the API group; empty for the core group.</summary>
    public string Group { get; }

    /// <summary>Gets the API version.</summary>
    public string Version { get; }

    /// <summary>Gets the resource as it appears in the path.</summary>
    public string Plural { get; }

    /// <summary>Gets whether objects of this kind are namespaced.</summary>
    public bool Namespaced { get; }

    /// <summary>
    /// Gets how to read the metadata of a decoded object, which audits need (<see cref="ResumeOptions.AuditInterval"/>). The default is the
    /// metadata of an <see cref="IResource"/>; null for other types.
    /// </summary>
    public Func<T, ObjectMeta?>? MetadataOf { get; init; } =
        typeof(IResource).IsAssignableFrom(typeof(T)) ? item => ((IResource?)item)?.Metadata : null;

    /// <summary>
    /// Gets whether a server is asked to leave out <c>metadata.managedFields</c>, because the model of this kind does not have them. A type
    /// of the user may have them.
    /// </summary>
    internal bool DropsManagedFields { get; init; }

    /// <summary>Gets the formats in which this kind is read by default, the preferred one first.</summary>
    internal IReadOnlyList<FormatDecoder<T>> Formats { get; }

    /// <summary>Gets how this kind is read in protobuf; null for kinds that have none, which are all that users describe.</summary>
    internal FormatDecoder<T>? Protobuf { get; init; }

    /// <summary>
    /// Gets the formats for a choice of the user, the preferred one first. Answers of an unknown media type are read in the last one.
    /// </summary>
    internal IEnumerable<FormatDecoder<T>> FormatsFor(WireFormat choice) => choice switch
    {
        WireFormat.Json => Formats.Where(f => f.Format is JsonWireFormat),
        WireFormat.Protobuf when Protobuf is { } preferred => Formats.Where(f => f.Format is not ProtobufWireFormat).Prepend(preferred),
        _ => Formats,
    };

    /// <summary>
    /// Creates a decoder of JSON objects, as each subscription does. It may cache decoded data, to share unchanged parts.
    /// </summary>
    /// <param name="limits">
    /// The limits, of which <see cref="WireLimits.MaxLabels"/> is about objects; null for <see cref="WireLimits.Default"/>.
    /// </param>
    /// <returns>The decoder.</returns>
    public ObjectDecoder<T> CreateDecoder(WireLimits? limits = null) =>
        Formats.First(f => f.Format is JsonWireFormat).CreateDecoder(limits ?? WireLimits.Default);

    /// <summary>Decodes one JSON object with a new decoder. To decode many, call <see cref="CreateDecoder"/> once.</summary>
    /// <param name="utf8Json">The whole object.</param>
    /// <returns>The result.</returns>
    /// <exception cref="JsonException">The object does not fit the kind.</exception>
    public T Decode(ReadOnlySpan<byte> utf8Json) => CreateDecoder()(utf8Json);

    /// <summary>Gets the resource as RBAC names it: <c>endpointslices.discovery.k8s.io</c>.</summary>
    /// <returns>The plural and the group.</returns>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    private static Func<ObjectDecoder<T>> Shared(ObjectDecoder<T> decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return () => decoder;
    }

    private static ObjectDecoder<T> DecoderOf(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return json => JsonSerializer.Deserialize(json, typeInfo) switch
        {
            null => throw new JsonException("the object is null"),
            IResource { Metadata: null } => throw new JsonException(
                $"{typeof(T).Name}.Metadata is null. To fix: map it to the JSON property \"metadata\", for example with "
                + "JsonKnownNamingPolicy.CamelCase"),
            var item => item,
        };
    }
}
