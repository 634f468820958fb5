using System.Text.Json;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Writes an explanation as one line of JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the line.</summary>
    /// <param name="e">The explanation.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(Explanation e) => OutputBlock.Json(json =>
    {
        JsonLines.WriteState(json, e.Topology);
        json.WriteString("fingerprint", RingJson.Hash(e.Ring.Fingerprint));
        json.WriteString("algorithm", e.Ring.Layout.ToString());
        json.WriteString("key", e.Key);
        json.WriteString("hash", e.Hash.ToString());
        json.WriteString("token", e.Token is { } token ? RingJson.Hash(token) : null);
        json.WriteStartObject("range");
        RingJson.WriteRange(json, e.Range);
        json.WriteEndObject();
        json.WriteString("owner", e.Replicas.FirstOrDefault()?.Member.Name);
        json.WriteString("ownerIfItLeft", e.Next?.Name);
        if (e.Hold > TimeSpan.Zero)
        {
            json.WriteNumber("holdSeconds", e.Hold.TotalSeconds);
        }

        json.WriteStartArray("replicas");
        foreach (var (rank, replica) in e.Replicas.Index())
        {
            Write(json, replica, rank);
        }

        json.WriteEndArray();
        json.WriteNumber("missing", e.Asked - e.Replicas.Length);
    });

    private static void Write(Utf8JsonWriter json, ExplainedReplica replica, int rank)
    {
        json.WriteStartObject();
        json.WriteNumber("rank", rank);
        json.WriteString("member", replica.Member.Name);
        json.WriteString("zone", replica.Member.Zone);
        json.WriteStartArray("addresses");
        foreach (var address in replica.Endpoints.SelectMany(e => e.Addresses))
        {
            json.WriteStringValue(address);
        }

        json.WriteEndArray();
        json.WriteBoolean("ready", replica.Endpoints.Any(e => e.Ready));
        json.WriteBoolean("serving", replica.Endpoints.Any(e => e.Serving));
        json.WriteBoolean("terminating", replica.Endpoints.Any(e => e.Terminating));
        json.WriteString("why", rank == 0 ? "owner" : replica.PassedOver.IsEmpty ? "next" : "zone spread");
        json.WriteStartArray("passedOver");
        foreach (var member in replica.PassedOver)
        {
            json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
