using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube;

/// <summary>The JSON of a topology. Names are only ever added: tools read it. Everything but printable ASCII is escaped.</summary>
internal static class TopologyJson
{
    /// <summary>Answers with an object.</summary>
    public static async Task WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = buffer.WrittenCount;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(buffer.WrittenMemory, response.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the properties of a topology.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="topology">The topology.</param>
    /// <param name="maxEndpoints">How many endpoints and members are written.</param>
    public static void Write(Utf8JsonWriter json, IKubeTopology topology, int maxEndpoints)
    {
        // Read once: the ring may be newer than the snapshot, and has its own version.
        var (snapshot, view) = (topology.Current.Value, topology.CurrentRing.Value);
        var freshness = snapshot?.Freshness ?? new Freshness.Syncing();
        json.WriteString("name", topology.Name);
        json.WriteString("namespace", topology.Service.Namespace);
        json.WriteString("service", topology.Service.Name);
        json.WriteString("version", snapshot?.Version ?? "");
        json.WriteString("freshness", freshness.ToString());
        WriteAge(json, freshness);
        json.WriteString("presence", JsonNamingPolicy.CamelCase.ConvertName($"{snapshot?.Presence ?? ServicePresence.Unknown}"));
        WriteCause(json, freshness);
        json.WriteString("fingerprint", view is null ? null : Hash(view.Fingerprint));
        WriteRing(json, view, maxEndpoints);
        WriteEndpoints(json, snapshot?.Endpoints ?? EndpointList.Empty, maxEndpoints);
    }

    private static void WriteAge(Utf8JsonWriter json, Freshness freshness)
    {
        if (freshness.Age is { } age)
        {
            json.WriteNumber("ageSeconds", Math.Round(age.TotalSeconds, 3));
        }
        else
        {
            json.WriteNull("ageSeconds");
        }
    }

    private static void WriteCause(Utf8JsonWriter json, Freshness freshness)
    {
        if (freshness.Cause is not { } interruption)
        {
            json.WriteNull("since");
            json.WriteNull("cause");
            return;
        }

        json.WriteString("since", interruption.Since);
        json.WriteStartObject("cause");
        json.WriteString("kind", $"{interruption.Kind}");
        json.WriteString("message", interruption.Message);
        json.WriteNumber("failedAttempts", interruption.FailedAttempts);
        json.WriteEndObject();
    }

    private static void WriteRing(Utf8JsonWriter json, RingView? view, int maxMembers)
    {
        if (view is null)
        {
            json.WriteNull("ring");
            return;
        }

        json.WriteStartObject("ring");
        json.WriteString("version", view.Version);
        json.WriteString("fingerprint", Hash(view.Ring.Fingerprint));
        json.WriteString("layout", view.Ring.Layout.ToString());
        json.WriteNumber("replicas", view.Replicas.ReplicationFactor);
        json.WriteNumber("memberCount", view.Ring.Members.Length);
        json.WriteStartArray("members");
        foreach (var member in view.Ring.Members.Take(maxMembers))
        {
            json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, EndpointList endpoints, int maxEndpoints)
    {
        json.WriteNumber("endpointCount", endpoints.Count);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in endpoints.Take(maxEndpoints))
        {
            json.WriteStartObject();
            json.WriteString("member", endpoint.Member);
            json.WriteString("address", endpoint.Address);
            json.WriteBoolean("ready", endpoint.Ready);
            json.WriteBoolean("serving", endpoint.Serving);
            json.WriteBoolean("terminating", endpoint.Terminating);
            json.WriteString("zone", endpoint.Zone);
            json.WriteString("node", endpoint.Node);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // 64 bits are more than a number of JavaScript holds; as the tool writes it.
    private static string Hash(ulong fingerprint) => new KeyHash(fingerprint).ToString();
}
