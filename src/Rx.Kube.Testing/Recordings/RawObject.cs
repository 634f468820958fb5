using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>An object as the server sent it, for a recording that loses nothing that the model of a kind does not have.</summary>
/// <example><code>
/// kube.Resources(RawObject.KindOf(ResourceKinds.EndpointSlices), new() { Namespace = "prod" }).Resume().RecordTo("prod.rxk.ndjson", …)
/// </code></example>
public sealed class RawObject : IResource
{
    private RawObject(byte[] json, ObjectMeta metadata) => (Json, Metadata) = (json, metadata);

    /// <summary>Gets the object, in UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Gets the name, the namespace, the uid and the version of the object; its labels are only in <see cref="Json"/>.</summary>
    public ObjectMeta Metadata { get; }

    /// <summary>Gets a kind whose objects stay as the server sent them, in JSON: a watch of it asks for no other format.</summary>
    /// <typeparam name="T">The type that an object of the kind is decoded to.</typeparam>
    /// <param name="kind">The kind.</param>
    /// <returns>The same resource.</returns>
    /// <exception cref="ArgumentNullException">The kind is null.</exception>
    public static ResourceKind<RawObject> KindOf<T>(ResourceKind<T> kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new(kind.Group, kind.Version, kind.Plural, Decode, kind.Namespaced);
    }

    /// <summary>Returns the namespace, the name and the version.</summary>
    /// <returns>The text. Parts may come from the network: escape before printing.</returns>
    public override string ToString() => $"{Metadata.Namespace}/{Metadata.Name} at {Metadata.ResourceVersion}";

    private static RawObject Decode(ReadOnlySpan<byte> data)
    {
        var metadata = RawMetadata.Read(data);
        return new(data.ToArray(), metadata.Name.Length > 0 ? metadata.ToModel() : throw new JsonException("metadata.name is missing"));
    }
}
