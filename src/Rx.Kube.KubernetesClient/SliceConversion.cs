using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Converts KubernetesClient's slices to Rx.Kube's: absent fields and null are treated as in Rx.Kube's decoder.</summary>
internal static class SliceConversion
{
    private const string LastChange = "endpoints.kubernetes.io/last-change-trigger-time";

    public static WatchEvent<EndpointSlice> Convert(WatchEvent<V1EndpointSlice> e) => e switch
    {
        WatchEvent<V1EndpointSlice>.Modified(var slice, var version) => IsNamed(slice)
            ? new WatchEvent<EndpointSlice>.Modified(Convert(slice), version)
            : Skip(slice, version, isDeletion: false),
        WatchEvent<V1EndpointSlice>.Added(var slice, var version) => IsNamed(slice)
            ? new WatchEvent<EndpointSlice>.Added(Convert(slice), version)
            : Skip(slice, version, isDeletion: false),
        WatchEvent<V1EndpointSlice>.Deleted(var slice, var version) => IsNamed(slice)
            ? new WatchEvent<EndpointSlice>.Deleted(Convert(slice), version)
            : Skip(slice, version, isDeletion: true),
        WatchEvent<V1EndpointSlice>.Listed list => new WatchEvent<EndpointSlice>.Listed(
            [.. list.Items.Where(IsNamed).Select(Convert)], list.ResourceVersion)
        {
            SkippedItems =
            [
                .. list.SkippedItems,
                .. list.Items.Where(s => !IsNamed(s)).Select(s => Unnamed(s, s?.Metadata?.ResourceVersion ?? "")),
            ],
            Continuity = list.Continuity,
            Evidence = list.Evidence,
            Selection = list.Selection,
        },
        WatchEvent<V1EndpointSlice>.Skipped skipped =>
            new WatchEvent<EndpointSlice>.Skipped(skipped.Object, skipped.ResourceVersion) { IsDeletion = skipped.IsDeletion },
        WatchEvent<V1EndpointSlice>.Bookmark(var version) => new WatchEvent<EndpointSlice>.Bookmark(version),
        WatchEvent<V1EndpointSlice>.Interrupted(var interruption) interrupted =>
            new WatchEvent<EndpointSlice>.Interrupted(interruption)
            {
                Evidence = interrupted.Evidence,
                Selection = interrupted.Selection,
            },
        WatchEvent<V1EndpointSlice>.Resumed => new WatchEvent<EndpointSlice>.Resumed(),
        _ => new WatchEvent<EndpointSlice>.Opened(),
    };

    public static EndpointSlice Convert(V1EndpointSlice slice) => new()
    {
        Metadata = Convert(slice.Metadata),
        AddressType = slice.AddressType ?? "",
        Endpoints = [.. (slice.Endpoints ?? []).Select(Convert)],
        Ports = [.. (slice.Ports ?? []).Select(Convert)],
    };

    private static bool IsNamed(V1EndpointSlice? slice) => !string.IsNullOrEmpty(slice?.Metadata?.Name);

    private static WatchEvent<EndpointSlice>.Skipped Skip(V1EndpointSlice? slice, string version, bool isDeletion) =>
        new(Unnamed(slice, version), version) { IsDeletion = isDeletion };

    private static SkippedObject Unnamed(V1EndpointSlice? slice, string version) =>
        new(slice?.Metadata?.NamespaceProperty ?? "", "", version, "metadata.name is missing");

    private static ObjectMeta Convert(V1ObjectMeta metadata) => new()
    {
        Name = metadata.Name,
        Namespace = metadata.NamespaceProperty ?? "",
        Uid = metadata.Uid ?? "",
        ResourceVersion = metadata.ResourceVersion ?? "",
        Labels = metadata.Labels is { Count: > 0 } labels
            ? labels.ToFrozenDictionary(l => l.Key, l => l.Value ?? "")
            : FrozenDictionary<string, string>.Empty,
        LastChangeTriggerTime =
            metadata.Annotations is { } annotations && annotations.TryGetValue(LastChange, out var text) ? Time(text) : null,
        DeletionTimestamp = metadata.DeletionTimestamp is { } deletion ? new DateTimeOffset(deletion.ToUniversalTime()) : null,
        Controller = metadata.OwnerReferences?.FirstOrDefault(o => o?.Controller == true) is { } owner
            ? new OwnerReference(owner.Kind ?? "", owner.Name ?? "", owner.Uid ?? "")
            : null,
    };

    private static Endpoint Convert(V1Endpoint? endpoint) => endpoint is null ? new Endpoint() : new Endpoint
    {
        Addresses = [.. (endpoint.Addresses ?? []).Select(a => a ?? "")],
        Ready = endpoint.Conditions?.Ready,
        Serving = endpoint.Conditions?.Serving,
        Terminating = endpoint.Conditions?.Terminating,
        Hostname = endpoint.Hostname,
        NodeName = endpoint.NodeName,
        Zone = endpoint.Zone,
        TargetRef = endpoint.TargetRef is { } target
            ? new TargetReference(target.Kind ?? "", target.NamespaceProperty ?? "", target.Name ?? "", target.Uid ?? "")
            : null,
        ForZones = [.. (endpoint.Hints?.ForZones ?? []).Select(z => z?.Name ?? "")],
        ForNodes = [.. (endpoint.Hints?.ForNodes ?? []).Select(n => n?.Name ?? "")],
    };

    private static EndpointPort Convert(Discoveryv1EndpointPort? port) => new(
        port?.Name ?? "", port?.Port, string.IsNullOrEmpty(port?.Protocol) ? "TCP" : port.Protocol, port?.AppProtocol);

    // An RFC 3339 time as System.Text.Json reads it, as in Rx.Kube's decoder; any other value is ignored.
    private static DateTimeOffset? Time(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\""));
        return reader.Read() && reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified
            && reader.TryGetDateTimeOffset(out var exact)
                ? exact
                : null;
    }
}
