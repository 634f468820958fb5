using System.Globalization;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Writes the objects of <see cref="SliceJson"/>. Source of the names: k8s.io/api discovery/v1 and apimachinery meta/v1 types.go.</summary>
internal static class SliceJsonWriter
{
    public static void Write(Utf8JsonWriter w, EndpointSlice slice, bool withKind)
    {
        w.WriteStartObject();
        if (withKind)
        {
            WriteKind(w, "EndpointSlice", "discovery.k8s.io/v1");
        }

        Write(w, slice.Metadata);
        w.WriteString("addressType", slice.AddressType);
        WriteArray(w, "endpoints", slice.Endpoints, Write);
        WriteArray(w, "ports", slice.Ports, Write);
        w.WriteEndObject();
    }

    public static void WriteBookmark(Utf8JsonWriter w, string version, bool endsInitialEvents)
    {
        w.WriteStartObject();
        WriteKind(w, "EndpointSlice", "discovery.k8s.io/v1");
        w.WriteStartObject("metadata");
        w.WriteString("resourceVersion", version);
        w.WriteNull("creationTimestamp");
        if (endsInitialEvents)
        {
            w.WriteStartObject("annotations");
            w.WriteString("k8s.io/initial-events-end", "true");
            w.WriteEndObject();
        }

        w.WriteEndObject();
        w.WriteString("addressType", "");
        w.WriteNull("endpoints");
        w.WriteNull("ports");
        w.WriteEndObject();
    }

    public static void WriteStatus(Utf8JsonWriter w, int code, string reason, string message, int? retryAfter)
    {
        w.WriteStartObject();
        WriteKind(w, "Status", "v1");
        w.WriteStartObject("metadata");
        w.WriteEndObject();
        w.WriteString("status", "Failure");
        w.WriteString("message", message);
        w.WriteString("reason", reason);
        if (retryAfter is { } seconds)
        {
            w.WriteStartObject("details");
            w.WriteNumber("retryAfterSeconds", seconds);
            w.WriteEndObject();
        }

        w.WriteNumber("code", code);
        w.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter w, string kind, string version)
    {
        w.WriteString("kind", kind);
        w.WriteString("apiVersion", version);
    }

    private static void Write(Utf8JsonWriter w, ObjectMeta meta)
    {
        w.WriteStartObject("metadata");
        w.WriteString("name", meta.Name);
        WriteUnlessEmpty(w, "namespace", meta.Namespace);
        WriteUnlessEmpty(w, "uid", meta.Uid);
        WriteUnlessEmpty(w, "resourceVersion", meta.ResourceVersion);
        if (meta.Labels.Count > 0)
        {
            w.WriteStartObject("labels");
            foreach (var (name, value) in meta.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
            {
                w.WriteString(name, value);
            }

            w.WriteEndObject();
        }

        if (meta.LastChangeTriggerTime is { } time)
        {
            w.WriteStartObject("annotations");
            w.WriteString(
                "endpoints.kubernetes.io/last-change-trigger-time",
                time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
            w.WriteEndObject();
        }

        w.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter w, Endpoint endpoint)
    {
        w.WriteStartObject();
        WriteArray(w, "addresses", endpoint.Addresses, (j, a) => j.WriteStringValue(a));
        w.WriteStartObject("conditions");
        WriteUnlessNull(w, "ready", endpoint.Ready);
        WriteUnlessNull(w, "serving", endpoint.Serving);
        WriteUnlessNull(w, "terminating", endpoint.Terminating);
        w.WriteEndObject();
        WriteUnlessNull(w, "hostname", endpoint.Hostname);
        if (endpoint.TargetRef is { } target)
        {
            w.WriteStartObject("targetRef");
            w.WriteString("kind", target.Kind);
            w.WriteString("namespace", target.Namespace);
            w.WriteString("name", target.Name);
            w.WriteString("uid", target.Uid);
            w.WriteEndObject();
        }

        WriteUnlessNull(w, "nodeName", endpoint.NodeName);
        WriteUnlessNull(w, "zone", endpoint.Zone);
        if (!endpoint.ForZones.IsEmpty || !endpoint.ForNodes.IsEmpty)
        {
            w.WriteStartObject("hints");
            WriteNames(w, "forZones", endpoint.ForZones);
            WriteNames(w, "forNodes", endpoint.ForNodes);
            w.WriteEndObject();
        }

        w.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter w, EndpointPort port)
    {
        w.WriteStartObject();
        w.WriteString("name", port.Name);
        if (port.Port is { } number)
        {
            w.WriteNumber("port", number);
        }

        w.WriteString("protocol", port.Protocol);
        WriteUnlessNull(w, "appProtocol", port.AppProtocol);
        w.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter w, string name, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            WriteArray(w, name, names, (j, n) =>
            {
                j.WriteStartObject();
                j.WriteString("name", n);
                j.WriteEndObject();
            });
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter w, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            w.WriteNull(name);
            return;
        }

        w.WriteStartArray(name);
        foreach (var item in items)
        {
            write(w, item);
        }

        w.WriteEndArray();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter w, string name, string value)
    {
        if (value.Length > 0)
        {
            w.WriteString(name, value);
        }
    }

    private static void WriteUnlessNull(Utf8JsonWriter w, string name, string? value)
    {
        if (value is not null)
        {
            w.WriteString(name, value);
        }
    }

    private static void WriteUnlessNull(Utf8JsonWriter w, string name, bool? value)
    {
        if (value is { } known)
        {
            w.WriteBoolean(name, known);
        }
    }
}
