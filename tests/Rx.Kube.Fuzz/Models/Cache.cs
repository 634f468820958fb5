using System.Text.Json.Serialization;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Models;

/// <summary>A custom resource, as an application describes one.</summary>
internal sealed record Cache(ObjectMeta Metadata) : IResource
{
    public CacheSpec? Spec { get; init; }
}

internal sealed record CacheSpec(int Replicas, string? Mode)
{
    public IReadOnlyList<string?>? Tags { get; init; }

    public IReadOnlyDictionary<string, long>? Limits { get; init; }
}

[JsonSerializable(typeof(Cache))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CacheJson : JsonSerializerContext;
