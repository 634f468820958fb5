using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Kube.Benchmarks;

/// <summary>Decodes with plain types and source-generated System.Text.Json, as an application without this library does.</summary>
internal static class SystemTextJsonPeer
{
    /// <summary>Deserializes the event once, from UTF-8.</summary>
    public static SliceEvent Typed(ReadOnlySpan<byte> line) => JsonSerializer.Deserialize(line, PeerJson.Default.SliceEvent)!;

    /// <summary>Reads a line as a string, parses its kind, and parses it again as its type, as the official client does.</summary>
    public static async Task<int> LinesAsync(byte[] stream)
    {
        using var reader = new StreamReader(new MemoryStream(stream));
        var endpoints = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            var generic = JsonSerializer.Deserialize(line, PeerJson.Default.ObjectEvent)!;
            if (generic.Object?.Kind != "Status")
            {
                endpoints += JsonSerializer.Deserialize(line, PeerJson.Default.SliceEvent)!.Object!.Endpoints!.Count;
            }
        }

        return endpoints;
    }

    /// <summary>Reads all tokens without using them: the cost of a JSON reader.</summary>
    public static int Limit(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }
}

[JsonSerializable(typeof(ObjectEvent))]
[JsonSerializable(typeof(SliceEvent))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PeerJson : JsonSerializerContext;

internal sealed record ObjectEvent(string? Type, ObjectDto? Object);

internal sealed record ObjectDto(string? ApiVersion, string? Kind, MetaDto? Metadata);

internal sealed record SliceEvent(string? Type, SliceDto? Object);

internal sealed record SliceDto(
    string? ApiVersion, string? Kind, MetaDto? Metadata, string? AddressType, List<EndpointDto>? Endpoints, List<PortDto>? Ports);

internal sealed record MetaDto(
    string? Name, string? GenerateName, string? Namespace, string? Uid, string? ResourceVersion, long? Generation,
    DateTime? CreationTimestamp, Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations,
    List<OwnerDto>? OwnerReferences, List<ManagedFieldsDto>? ManagedFields);

internal sealed record OwnerDto(
    string? ApiVersion, string? Kind, string? Name, string? Uid, bool? Controller, bool? BlockOwnerDeletion);

internal sealed record ManagedFieldsDto(
    string? Manager, string? Operation, string? ApiVersion, DateTime? Time, string? FieldsType, JsonElement FieldsV1);

internal sealed record EndpointDto(
    List<string>? Addresses, ConditionsDto? Conditions, string? Hostname, TargetDto? TargetRef, string? NodeName, string? Zone);

internal sealed record ConditionsDto(bool? Ready, bool? Serving, bool? Terminating);

internal sealed record TargetDto(string? Kind, string? Namespace, string? Name, string? Uid);

internal sealed record PortDto(string? Name, int? Port, string? Protocol, string? AppProtocol);
