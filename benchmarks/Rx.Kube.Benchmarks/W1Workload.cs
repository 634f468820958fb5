using System.Globalization;
using System.Text;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Creates the workload W1: a Service of 200 slices with 100 endpoints each, realistic objects of about 30 KB of JSON, and MODIFIED
/// events that flip the readiness of one endpoint. The events can be repeated: every event changes exactly one endpoint of the
/// previous state.
/// </summary>
internal sealed class W1Workload
{
    public const int Slices = 200;
    public const int EndpointsPerSlice = 100;
    public const int Events = 2 * Slices;
    private static readonly byte[] Prefix = """{"type":"MODIFIED","object":"""u8.ToArray();
    private static readonly byte[] Suffix = "}\n"u8.ToArray();

    private static readonly string ManagedFields = """
        "managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"discovery.k8s.io/v1",
        "time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{"f:addressType":{},"f:endpoints":{},
        "f:metadata":{"f:annotations":{".":{},"f:endpoints.kubernetes.io/last-change-trigger-time":{}},"f:generateName":{},
        "f:labels":{".":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},
        "f:endpointslice.kubernetes.io/managed-by":{},"f:kubernetes.io/service-name":{}},
        "f:ownerReferences":{".":{},"k:{\"uid\":\"0d7c55a1-31f7-4a2b-8a41-000000000000\"}":{}}},"f:ports":{}}}]
        """.ReplaceLineEndings("");

    public W1Workload()
    {
        Objects = [.. Enumerable.Range(0, Slices).Select(s => Encoding.UTF8.GetBytes(Slice(s, version: s, notReady: -1)))];
        EventObjects = [.. Enumerable.Range(0, Events).Select(e => Encoding.UTF8.GetBytes(Slice(
            e % Slices, version: Slices + e, notReady: e < Slices ? (e * 7) % EndpointsPerSlice : -1)))];
        EventLines = [.. EventObjects.Select(o => (byte[])[.. Prefix, .. o, .. Suffix])];
        Stream = [.. EventLines.SelectMany(l => l)];
    }

    /// <summary>Gets the slices of the first list.</summary>
    public byte[][] Objects { get; }

    /// <summary>Gets the objects of the events, in order.</summary>
    public byte[][] EventObjects { get; }

    /// <summary>Gets the events as lines of a watch.</summary>
    public byte[][] EventLines { get; }

    /// <summary>Gets all lines as one stream.</summary>
    public byte[] Stream { get; }

    private static string Slice(int slice, int version, int notReady)
    {
        var json = new StringBuilder().Append(OneLine($$$"""
            {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"cache-{{{slice:d5}}}","generateName":"cache-",
            "namespace":"production","uid":"6b1c0f3e-7f55-4d1c-9a70-{{{slice:d12}}}","resourceVersion":"{{{100_000 + version}}}",
            "generation":{{{version}}},"creationTimestamp":"2026-01-02T03:04:05Z",
            "labels":{"app.kubernetes.io/name":"cache","app.kubernetes.io/part-of":"shop",
            "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","kubernetes.io/service-name":"cache"},
            "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:{{{version % 60:d2}}}Z"},
            "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"cache","uid":"0d7c55a1-31f7-4a2b-8a41-000000000000",
            "controller":true,"blockOwnerDeletion":true}],{{{ManagedFields}}}},"addressType":"IPv4","endpoints":[
            """));
        for (var e = 0; e < EndpointsPerSlice; e++)
        {
            var pod = (slice * EndpointsPerSlice) + e;
            var ready = e == notReady ? "false" : "true";
            json.Append(e == 0 ? "" : ",").Append(OneLine($$$"""
                {"addresses":["10.{{{pod >> 16}}}.{{{(pod >> 8) & 255}}}.{{{pod & 255}}}"],
                "conditions":{"ready":{{{ready}}},"serving":{{{ready}}},"terminating":false},
                "targetRef":{"kind":"Pod","namespace":"production","name":"cache-{{{pod}}}","uid":"2f8e9a1c-5c43-4e57-b1c4-{{{pod:d12}}}"},
                "nodeName":"ip-10-0-{{{pod % 50}}}-{{{pod % 100}}}.eu-central-1.compute.internal",
                "zone":"eu-central-1{{{(char)('a' + (pod % 3))}}}"}
                """));
        }

        return json.Append("""],"ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""").ToString();
    }

    private static string OneLine(FormattableString json) => json.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("");
}
