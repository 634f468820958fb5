using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>Finds out from objects what kubectl was asked for.</summary>
internal static class KubectlHeader
{
    private const string Label = $"metadata/labels/{EndpointSlice.ServiceNameLabel}";

    /// <summary>Gets what one object tells.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static RecordingHeader Of(ReadOnlySpan<byte> json)
    {
        var facts = new JsonFacts(json, "apiVersion", "kind", "metadata/namespace", Label);
        var version = (facts.Text("apiVersion") ?? "").Split('/');
        return new()
        {
            Group = version is [var group, _] ? group : "",
            Version = version[^1],
            Plural = facts.Text("kind") switch
            {
                "EndpointSlice" => "endpointslices",
                "Endpoints" => "endpoints",
                var kind => $"{kind?.ToLowerInvariant()}s",
            },
            Namespace = facts.Text("metadata/namespace") ?? "",
            Service = facts.Text(Label) ?? "",
        };
    }

    /// <summary>Gets what holds for both.</summary>
    public static RecordingHeader Both(RecordingHeader one, RecordingHeader other) => one with
    {
        Namespace = one.Namespace == other.Namespace ? one.Namespace : "",
        Service = one.Service == other.Service && one.Namespace == other.Namespace ? one.Service : "",
    };
}
