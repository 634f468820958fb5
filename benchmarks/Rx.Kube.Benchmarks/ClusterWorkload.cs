using System.Globalization;
using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>Creates decoded slices, each of its own Service or all of one, and events that flip the readiness of one endpoint.</summary>
internal sealed class ClusterWorkload(int slices, int endpointsPerSlice, bool oneService = false)
{
    private readonly EndpointSliceDecoder _decoder = new();
    private int _versions = 100_000;

    /// <summary>Gets the name of a Service, unless all slices are of one.</summary>
    public static ServiceName NameOf(int service) => new($"namespace-{service / 100}", $"service-{service}");

    /// <summary>Creates a decoded list that shares no objects with other lists.</summary>
    public WatchEvent<EndpointSlice>.Listed List() =>
        new([.. Enumerable.Range(0, slices).Select(s => _decoder.Decode(Json(s, s, notReady: -1)))], "1");

    /// <summary>Creates decoded events: each flips the readiness of one endpoint; all together restore the initial state.</summary>
    public WatchEvent<EndpointSlice>[] Events(int count)
    {
        var down = new HashSet<int>();
        return
        [
            .. Enumerable.Range(0, count).Select(e =>
            {
                var slice = (int)(e % (count / 2) * 7919L % slices);
                var notReady = down.Add(slice) ? slice % endpointsPerSlice : -1;
                _ = notReady < 0 && down.Remove(slice);
                var version = ++_versions;
                return new WatchEvent<EndpointSlice>.Modified(_decoder.Decode(Json(slice, version, notReady)), $"{version}");
            }),
        ];
    }

    private byte[] Json(int slice, int version, int notReady)
    {
        var service = oneService ? 0 : slice;
        var json = new StringBuilder().Append(OneLine($$$"""
            {"metadata":{"name":"service-{{{slice}}}-x7k2p","namespace":"namespace-{{{service / 100}}}",
            "uid":"6b1c0f3e-7f55-4d1c-9a70-{{{slice:d12}}}","resourceVersion":"{{{version}}}",
            "labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",
            "kubernetes.io/service-name":"service-{{{service}}}"}},"addressType":"IPv4","endpoints":[
            """));
        for (var e = 0; e < endpointsPerSlice; e++)
        {
            var pod = (slice * endpointsPerSlice) + e;
            var ready = e == notReady ? "false" : "true";
            json.Append(e == 0 ? "" : ",").Append(OneLine($$$"""
                {"addresses":["10.{{{pod >> 16}}}.{{{(pod >> 8) & 255}}}.{{{pod & 255}}}"],
                "conditions":{"ready":{{{ready}}},"serving":{{{ready}}},"terminating":false},
                "targetRef":{"kind":"Pod","namespace":"namespace-{{{service / 100}}}","name":"service-{{{slice}}}-7c9d8b-{{{e:d5}}}",
                "uid":"2f8e9a1c-5c43-4e57-b1c4-{{{pod:d12}}}"},"nodeName":"node-{{{pod % 5000}}}",
                "zone":"eu-central-1{{{(char)('a' + (pod % 5000 % 3))}}}"}
                """));
        }

        return Encoding.UTF8.GetBytes(json.Append("""],"ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""").ToString());
    }

    private static string OneLine(FormattableString json) => json.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("");
}
