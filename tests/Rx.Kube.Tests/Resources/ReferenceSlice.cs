using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

/// <summary>EndpointSlices by System.Text.Json and plain types: slow, and sharing no code with the decoder.</summary>
internal static class ReferenceSlice
{
    public static EndpointSlice Decode(ReadOnlySpan<byte> json)
    {
        var dto = JsonSerializer.Deserialize(json, ReferenceJson.Default.SliceDto)!;
        return new EndpointSlice
        {
            Metadata = Of(dto.Metadata!),
            AddressType = dto.AddressType ?? "",
            Endpoints = [.. (dto.Endpoints ?? []).Select(Of)],
            Ports = [.. (dto.Ports ?? []).Select(p => new EndpointPort(p?.Name ?? "", p?.Port, p?.Protocol ?? "TCP", p?.AppProtocol))],
        };
    }

    public static ObjectMeta Of(MetaDto dto) => new()
    {
        Name = dto.Name!,
        Namespace = dto.Namespace ?? "",
        Uid = dto.Uid ?? "",
        ResourceVersion = dto.ResourceVersion ?? "",
        Labels = (dto.Labels ?? []).ToFrozenDictionary(l => l.Key, l => l.Value ?? ""),
        LastChangeTriggerTime = dto.Annotations?.Values.Select(v => DateTimeOffset.Parse(v!, null)).FirstOrDefault() is { Year: > 1 } time
            ? time : null,
        DeletionTimestamp = dto.DeletionTimestamp,
        Controller = dto.OwnerReferences?.FirstOrDefault(o => o?.Controller == true) is { } o
            ? new OwnerReference(o.Kind ?? "", o.Name ?? "", o.Uid ?? "") : null,
    };

    private static Endpoint Of(EndpointDto? e) => new()
    {
        Addresses = [.. (e?.Addresses ?? []).Select(a => a ?? "")],
        Ready = e?.Conditions?.Ready,
        Serving = e?.Conditions?.Serving,
        Terminating = e?.Conditions?.Terminating,
        Hostname = e?.Hostname,
        NodeName = e?.NodeName,
        Zone = e?.Zone,
        TargetRef = e?.TargetRef is { } t ? new TargetReference(t.Kind ?? "", t.Namespace ?? "", t.Name ?? "", t.Uid ?? "") : null,
        ForZones = [.. (e?.Hints?.ForZones ?? []).Select(n => n?.Name ?? "")],
        ForNodes = [.. (e?.Hints?.ForNodes ?? []).Select(n => n?.Name ?? "")],
    };
}

[JsonSerializable(typeof(SliceDto))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReferenceJson : JsonSerializerContext;

internal sealed record SliceDto(MetaDto? Metadata, string? AddressType, List<EndpointDto?>? Endpoints, List<PortDto?>? Ports);

internal sealed record MetaDto(
    string? Name, string? Namespace, string? Uid, string? ResourceVersion,
    Dictionary<string, string?>? Labels, Dictionary<string, string?>? Annotations,
    DateTimeOffset? DeletionTimestamp, List<OwnerDto?>? OwnerReferences);

internal sealed record OwnerDto(string? Kind, string? Name, string? Uid, bool? Controller);

internal sealed record EndpointDto(
    List<string?>? Addresses, ConditionsDto? Conditions, string? Hostname, string? NodeName, string? Zone,
    TargetDto? TargetRef, HintsDto? Hints);

internal sealed record ConditionsDto(bool? Ready, bool? Serving, bool? Terminating);

internal sealed record TargetDto(string? Kind, string? Namespace, string? Name, string? Uid);

internal sealed record HintsDto(List<NameDto?>? ForZones, List<NameDto?>? ForNodes);

internal sealed record NameDto(string? Name);

internal sealed record PortDto(string? Name, int? Port, string? Protocol, string? AppProtocol);
