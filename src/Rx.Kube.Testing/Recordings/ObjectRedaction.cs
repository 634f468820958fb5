using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>
/// Copies an object without what a recording must not have: <c>managedFields</c>, annotations that no model has, what could be a secret;
/// and with pseudonyms, if wanted, without every field that no model has.
/// </summary>
/// <param name="redact">Removes the secrets of a connection from a text.</param>
/// <param name="names">The pseudonyms; null for none.</param>
internal sealed class ObjectRedaction(Func<string, string> redact, Pseudonyms? names)
{
    private const string Redacted = "***";

    // The environment, the arguments and the command of a container often have secrets; so have Secrets and ConfigMaps.
    private static readonly HashSet<string> _dropped =
        ["managedFields", "env", "envFrom", "args", "command", "data", "stringData", "binaryData"];

    private static readonly HashSet<string> _annotations =
        ["endpoints.kubernetes.io/last-change-trigger-time", "endpoints.kubernetes.io/over-capacity", "k8s.io/initial-events-end"];

    private static readonly string[] _secretWords = ["token", "secret", "password", "passwd", "apikey", "api-key", "access-key", "jwt"];

    // What the models of this library have, and what identifies an object.
    private static readonly HashSet<string> _known =
    [
        "kind", "apiVersion", "metadata", "name", "namespace", "uid", "resourceVersion", "labels", "annotations", "creationTimestamp",
        "deletionTimestamp", "ownerReferences", "controller", "addressType", "endpoints", "addresses", "notReadyAddresses", "subsets",
        "conditions", "ready", "serving", "terminating", "hostname", "targetRef", "nodeName", "zone", "hints", "forZones", "forNodes",
        "ports", "port", "protocol", "appProtocol", "ip", "spec", "status", "type", "phase", "podIP", "podIPs", "hostIP", "hostIPs",
        "unschedulable", "code",
    ];

    private static readonly HashSet<string> _labels = ["endpointslice.kubernetes.io/managed-by", "service.kubernetes.io/headless"];

    /// <summary>Copies an object.</summary>
    /// <param name="writer">Receives the copy.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="JsonException">It is not JSON, or nested too deeply. The writer may have a part of the copy.</exception>
    public void Copy(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, RecordingFormat.Reading);
        reader.Read();
        Value(writer, ref reader, "", "", isSecret: false);
        if (reader.Read())
        {
            throw new JsonException("something follows the object");
        }
    }

    private void Value(Utf8JsonWriter writer, ref Utf8JsonReader reader, string parent, string name, bool isSecret)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(writer, ref reader, name, isSecret);
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Value(writer, ref reader, parent, name, isSecret);
                }

                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                Text(writer, ref reader, parent, name, isSecret);
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); // a number, true, false or null
                break;
        }
    }

    private void Object(Utf8JsonWriter writer, ref Utf8JsonReader reader, string name, bool isSecret)
    {
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // No model has a property with an unpaired surrogate.
            var property = JsonText.Of(reader);
            reader.Read();
            if (property is null || IsDropped(name, property))
            {
                reader.Skip();
                continue;
            }

            writer.WritePropertyName(_known.Contains(property) ? property : redact(property));
            Value(writer, ref reader, name, property, isSecret || IsSecret(property));
        }

        writer.WriteEndObject();
    }

    private bool IsDropped(string parent, string property) => parent switch
    {
        "annotations" => !_annotations.Contains(property),
        "labels" => names is not null && property != Models.EndpointSlice.ServiceNameLabel && !IsZone(property)
            && !_labels.Contains(property),
        _ => _dropped.Contains(property) || (names is not null && !_known.Contains(property)),
    };

    private static bool IsZone(string label) => label is "topology.kubernetes.io/zone" or "failure-domain.beta.kubernetes.io/zone";

    private static bool IsSecret(string property) =>
        Array.Exists(_secretWords, word => property.Contains(word, StringComparison.OrdinalIgnoreCase));

    private void Text(Utf8JsonWriter writer, ref Utf8JsonReader reader, string parent, string name, bool isSecret)
    {
        if (isSecret)
        {
            writer.WriteStringValue(Redacted);
        }
        else if (JsonText.Of(reader) is { } text)
        {
            text = redact(text);
            writer.WriteStringValue(names is null ? text : Pseudonym(names, parent, name, text));
        }
        else
        {
            // A decoder must still find what is wrong with it.
            writer.WriteRawValue("\"\\udc00\""u8, skipInputValidation: true);
        }
    }

    private static string Pseudonym(Pseudonyms names, string parent, string name, string text) => (parent, name) switch
    {
        ("labels", Models.EndpointSlice.ServiceNameLabel) => names.Name(text, "service"),
        ("labels", _) when IsZone(name) => names.Place(text, "zone"),
        ("labels" or "annotations", _) => text,
        ("forZones", "name") or (_, "zone") => names.Place(text, "zone"),
        ("forNodes", "name") or (_, "nodeName") => names.Place(text, "node"),
        ("ports", "name") => text,
        ("targetRef", "name") or (_, "hostname") => names.Name(text, "pod"),
        ("metadata", "name") => names.Name(text, "object"),
        (_, "name") => names.Name(text, "name"),
        (_, "namespace") => names.Place(text, "namespace"),
        (_, "uid") => names.Uid(text),
        (_, "addresses" or "notReadyAddresses" or "ip" or "podIP" or "podIPs" or "hostIP" or "hostIPs") => names.Address(text),
        _ => text,
    };
}
