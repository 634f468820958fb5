using System.Text.Json;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Trees;

/// <summary>Writes a tree, or a change, as one line of JSON.</summary>
internal static class TreeJson
{
    /// <summary>Writes a tree.</summary>
    /// <param name="state">The Service.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(TreeState state) => OutputBlock.Json(json =>
    {
        JsonLines.WriteState(json, state.Topology);
        Write(json, state.Service);
        json.WriteStartArray("slices");
        foreach (var slice in state.Topology.Endpoints.GroupBy(e => e.Slice).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("slice", slice.Key);
            json.WriteStartArray("endpoints");
            foreach (var endpoint in slice)
            {
                Write(json, state, endpoint);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("unlisted");
        foreach (var pod in state.Unlisted)
        {
            Write(json, pod, TreeText.WhyUnlisted(pod));
        }

        json.WriteEndArray();
        json.WriteStartArray("missingPermissions");
        foreach (var missing in state.Missing)
        {
            json.WriteStringValue(missing.ToString());
        }

        json.WriteEndArray();
    });

    /// <summary>Writes a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="now">The time.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(TreeChange change, DateTimeOffset now) => OutputBlock.Json(json =>
    {
        json.WriteString("time", now);
        json.WriteString("change", change.Sign switch
        {
            '+' => "joined",
            '-' => "left",
            _ => "updated",
        });
        json.WriteString("member", change.Member);
        json.WriteString("why", change.Why);
    });

    private static void Write(Utf8JsonWriter json, ServiceObject? service)
    {
        json.WriteString("type", service?.Spec?.Type);
        json.WriteString("clusterIP", service?.Spec?.ClusterIP);
        json.WriteString("selector", service?.Selector);
    }

    private static void Write(Utf8JsonWriter json, TreeState state, TopologyEndpoint endpoint)
    {
        var (gets, why) = state.TrafficOf(endpoint);
        json.WriteStartObject();
        json.WriteString("member", endpoint.Member);
        json.WriteStartArray("addresses");
        foreach (var address in endpoint.Addresses)
        {
            json.WriteStringValue(address);
        }

        json.WriteEndArray();
        json.WriteBoolean("traffic", gets);
        json.WriteString("why", why);
        json.WriteBoolean("ready", endpoint.Ready);
        json.WriteBoolean("serving", endpoint.Serving);
        json.WriteBoolean("terminating", endpoint.Terminating);
        if (state.PodOf(endpoint) is { } pod)
        {
            json.WritePropertyName("pod");
            Write(json, pod, null);
        }

        if (state.NodeOf(endpoint) is { } node)
        {
            json.WriteStartObject("node");
            json.WriteString("name", node.Metadata.Name);
            json.WriteString("zone", node.Zone);
            json.WriteBoolean("ready", node.IsReady);
            json.WriteBoolean("cordoned", node.Spec?.Unschedulable == true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PodObject pod, string? why)
    {
        json.WriteStartObject();
        json.WriteString("name", pod.Metadata.Name);
        json.WriteString("phase", pod.Status?.Phase);
        json.WriteBoolean("ready", pod.IsReady);
        json.WriteString("node", pod.Spec?.NodeName);
        if (why is not null)
        {
            json.WriteString("why", why);
        }

        json.WriteEndObject();
    }
}
