using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>
/// EndpointSlices of numbered pods, for kubectl. The number of a pod decides its address, readiness, zone and node. All defaults are set,
/// because the built server sets none.
/// </summary>
public static class SliceManifest
{
    /// <summary>Writes a slice to create.</summary>
    public static string Of(string name, string service, params int[] pods) => SliceJson.Manifest(Build(name, service, pods));

    /// <summary>Writes a merge patch that replaces the endpoints of a slice.</summary>
    public static string Patch(string name, params int[] pods) => SliceJson.MergePatch(Build(name, "any", pods));

    // Addresses are unique: 10.slice.pod. kubectl sets the namespace.
    private static EndpointSlice Build(string name, string service, int[] pods) => Slice.Of(name, service, @namespace: "")
        .WithPort(8080, "http")
        .With([.. pods.Select(pod => new Endpoint
        {
            Addresses = [$"10.{name[^1] - 'a' + 1}.{pod / 250}.{(pod % 250) + 1}"],
            Ready = pod % 3 != 0,
            Serving = true,
            Terminating = false,
            Zone = $"z{pod % 2}",
            NodeName = $"n{pod % 4}",
            TargetRef = new("Pod", "", $"{name}-{pod}", $"{name}-uid-{pod}"),
        })]);
}
