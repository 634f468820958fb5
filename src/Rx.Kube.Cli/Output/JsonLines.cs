using System.Text.Json;

namespace Rx.Kube.Cli.Output;

/// <summary>Writes one line of JSON per snapshot. Only printable ASCII is not escaped, so the lines are safe on a terminal.</summary>
internal static class JsonLines
{
    /// <summary>Writes a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The snapshot of the previous line; null for the first line.</param>
    /// <returns>The line. Its ports are repeated for each endpoint, so that it may be far longer than the slices.</returns>
    public static OutputBlock Block(ServiceTopology snapshot, ServiceTopology? previous) => OutputBlock.Json(json =>
    {
        WriteSnapshot(json, snapshot);
        var changes = snapshot.DiffFrom(previous);
        Write(json, "added", changes.Added);
        Write(json, "removed", changes.Removed);
        Write(json, "updated", changes.Updated);
    });

    /// <summary>Writes the Service, the version, the freshness and the endpoints.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="snapshot">The snapshot.</param>
    public static void WriteSnapshot(Utf8JsonWriter json, ServiceTopology snapshot)
    {
        WriteState(json, snapshot);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in snapshot.Endpoints)
        {
            Write(json, endpoint);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes an object.</summary>
    /// <param name="write">Writes the properties.</param>
    /// <returns>The line, without a line end.</returns>
    public static string Line(Action<Utf8JsonWriter> write) => OutputBlock.Json(write).ToString().TrimEnd('\n');

    /// <summary>Writes the Service, the version and the freshness.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="snapshot">The snapshot.</param>
    public static void WriteState(Utf8JsonWriter json, ServiceTopology snapshot)
    {
        json.WriteString("service", $"{snapshot.Namespace}/{snapshot.Service}");
        json.WriteString("version", snapshot.Version);
        json.WriteString("freshness", snapshot.Freshness.ToString());
        json.WriteString("presence", PresenceText.Name(snapshot.Presence));
        if (snapshot.Freshness.Cause is { } interruption)
        {
            json.WriteString("cause", interruption.Message);
            json.WriteNumber("retryInMs", (long)Math.Ceiling(Math.Max(0, interruption.RetryAfter.TotalMilliseconds)));
        }
    }

    private static void Write(Utf8JsonWriter json, TopologyEndpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("member", endpoint.Member);
        json.WriteStartArray("addresses");
        foreach (var address in endpoint.Addresses)
        {
            json.WriteStringValue(address);
        }

        json.WriteEndArray();
        json.WriteStartArray("ports");
        foreach (var port in endpoint.Ports)
        {
            json.WriteStartObject();
            json.WriteString("name", port.Name);
            if (port.Port is { } number)
            {
                json.WriteNumber("port", number);
            }

            json.WriteString("protocol", port.Protocol);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("ready", endpoint.Ready);
        json.WriteBoolean("serving", endpoint.Serving);
        json.WriteBoolean("terminating", endpoint.Terminating);
        if (endpoint.IsHeld)
        {
            json.WriteBoolean("held", true);
        }

        json.WriteString("zone", endpoint.Zone);
        json.WriteString("node", endpoint.Node);
        json.WriteString("hostname", endpoint.Hostname);
        json.WriteString("pod", endpoint.Pod);
        json.WriteString("uid", endpoint.Uid);
        json.WriteString("slice", endpoint.Slice);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, EquatableArray<MemberChange> changes)
    {
        json.WriteStartArray(name);
        foreach (var change in changes)
        {
            json.WriteStringValue(change.Member);
        }

        json.WriteEndArray();
    }
}
