using System.Globalization;
using System.Text;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>Specifies what an event changes.</summary>
internal enum SliceChange
{
    /// <summary>The readiness of one endpoint.</summary>
    OneEndpoint,

    /// <summary>An endpoint in the middle of the slice leaves with one event, and returns with a later one.</summary>
    Middle,

    /// <summary>The readiness of every endpoint.</summary>
    AllEndpoints,
}

/// <summary>Specifies how pods are named.</summary>
internal enum PodNames
{
    /// <summary>As pods of a Deployment: <c>cache-7d9f8c6b54-x2k4q</c>.</summary>
    Random,

    /// <summary>As pods of a StatefulSet: <c>cache-17</c>, which is the hostname, too.</summary>
    Templated,
}

/// <summary>
/// Creates the slices of one Service, and rounds of MODIFIED events, as JSON. Objects are realistic: an event changes the versions and
/// times of the metadata, besides what <see cref="SliceChange"/> says. Uids and names are random, the same in every process.
/// A round changes each slice and restores it, so that rounds can be repeated; versions grow from round to round.
/// </summary>
internal sealed class SliceWorkload : IRounds
{
    public const string Namespace = "production";
    public const string Service = "cache";

    // Versions and generations have as many digits at the end of a run as at its beginning, so that they can be replaced in place.
    private const int FirstVersion = 100_000_000;

    private static readonly string ManagedFields = """
        "managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"discovery.k8s.io/v1",
        "time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{"f:addressType":{},"f:endpoints":{},
        "f:metadata":{"f:annotations":{".":{},"f:endpoints.kubernetes.io/last-change-trigger-time":{}},"f:generateName":{},
        "f:labels":{".":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},
        "f:endpointslice.kubernetes.io/managed-by":{},"f:kubernetes.io/service-name":{}},
        "f:ownerReferences":{".":{},"k:{\"uid\":\"0d7c55a1-31f7-4a2b-8a41-53f1c1d2e3f4\"}":{}}},"f:ports":{}}}]
        """.ReplaceLineEndings("");

    private readonly Random _random = new(1);
    private readonly Pod[] _pods;
    private readonly int _endpoints;
    private readonly PodNames _names;
    private readonly SliceChange _change;
    private readonly string[] _uids;
    private readonly Places[] _places;
    private int _version = FirstVersion;

    /// <param name="slices">The number of slices.</param>
    /// <param name="endpoints">The number of endpoints in each.</param>
    /// <param name="change">What an event changes.</param>
    /// <param name="names">How pods are named.</param>
    /// <param name="repeats">How often a round changes each slice and restores it; zero for no events.</param>
    public SliceWorkload(
        int slices, int endpoints, SliceChange change = SliceChange.OneEndpoint, PodNames names = PodNames.Random, int repeats = 1)
    {
        (Slices, _endpoints, _names, _change) = (slices, endpoints, names, change);
        _uids = [.. Enumerable.Range(0, slices).Select(_ => Uid())];
        _pods = [.. Enumerable.Range(0, slices * endpoints).Select(i => new Pod(
            names == PodNames.Templated ? $"cache-{i}" : $"cache-7d9f8c6b54-{Suffix()}", Uid(), i / 30))];
        ListItems = [.. Enumerable.Range(0, slices).Select(s => Encoding.UTF8.GetBytes(Slice(s, isChanged: false, withKind: false)))];
        Events = 2 * slices * repeats;
        var stream = new MemoryStream();
        var lines = new List<Range>();
        for (var e = 0; e < Events; e++)
        {
            var start = (int)stream.Length;
            stream.Write(Encoding.UTF8.GetBytes(
                $$"""{"type":"MODIFIED","object":{{Slice(e % slices, isChanged: e / slices % 2 == 0, withKind: true)}}}""" + "\n"));
            lines.Add(start..(int)stream.Length);
        }

        Stream = stream.ToArray();
        Lines = [.. lines.Select(l => Stream.AsMemory(l))];
        _places = [.. lines.Select(l => Places.In(Stream, l))];
    }

    public string MediaType => "application/json";

    public CannedList List => CannedList.Of(this);

    /// <summary>Gets the number of slices.</summary>
    public int Slices { get; }

    public int Events { get; }

    /// <summary>Gets the items of the list. As an API server does, they leave out what the list says of all: kind and apiVersion.</summary>
    public byte[][] ListItems { get; }

    /// <summary>Gets the version of the list.</summary>
    public string ListVersion { get; } = FirstVersion.ToString(CultureInfo.InvariantCulture);

    public byte[] Stream { get; }

    /// <summary>Gets the events of <see cref="Stream"/>, each with the line end.</summary>
    public ReadOnlyMemory<byte>[] Lines { get; }

    /// <summary>Gets a slice as JSON, as it is in the list or as an event changes it.</summary>
    public string ObjectOf(int slice, bool isChanged) => Slice(slice, isChanged, withKind: true);

    public void NextRound()
    {
        foreach (var places in _places)
        {
            places.Write(Stream, ++_version);
        }
    }

    private string Slice(int slice, bool isChanged, bool withKind)
    {
        var json = new StringBuilder(_endpoints * 300);
        json.Append('{');
        if (withKind)
        {
            json.Append("""
                "kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1",
                """);
        }

        json.Append(OneLine($$$"""
            "metadata":{"name":"cache-{{{slice:d5}}}","generateName":"cache-","namespace":"{{{Namespace}}}",
            "uid":"{{{_uids[slice]}}}","resourceVersion":"{{{FirstVersion}}}","generation":{{{FirstVersion}}},
            "creationTimestamp":"2026-01-02T03:04:05Z",
            "labels":{"app.kubernetes.io/name":"cache","app.kubernetes.io/part-of":"shop",
            "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","kubernetes.io/service-name":"{{{Service}}}"},
            "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05Z"},
            "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"{{{Service}}}","uid":"0d7c55a1-31f7-4a2b-8a41-53f1c1d2e3f4",
            "controller":true,"blockOwnerDeletion":true}],
            {{{ManagedFields}}}},
            "addressType":"IPv4","endpoints":[
            """));
        var changed = slice * 7 % _endpoints;
        for (int e = 0, written = 0; e < _endpoints; e++)
        {
            if (isChanged && _change == SliceChange.Middle && e == _endpoints / 2)
            {
                continue;
            }

            var down = isChanged && (_change == SliceChange.AllEndpoints || (_change == SliceChange.OneEndpoint && e == changed));
            json.Append(written++ == 0 ? "" : ",");
            AppendEndpoint(json, (slice * _endpoints) + e, down ? "false" : "true");
        }

        return json.Append("""],"ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""").ToString();
    }

    private void AppendEndpoint(StringBuilder json, int number, string ready)
    {
        var pod = _pods[number];
        var hostname = _names == PodNames.Templated ? $"\"hostname\":\"{pod.Name}\"," : "";
        json.Append(OneLine($$$"""
            {"addresses":["10.{{{pod.Node >> 8}}}.{{{pod.Node & 255}}}.{{{2 + (number % 30)}}}"],
            "conditions":{"ready":{{{ready}}},"serving":{{{ready}}},"terminating":false},{{{hostname}}}
            "targetRef":{"kind":"Pod","namespace":"{{{Namespace}}}","name":"{{{pod.Name}}}","uid":"{{{pod.Uid}}}"},
            "nodeName":"ip-10-{{{pod.Node >> 8}}}-{{{pod.Node & 255}}}-1.eu-central-1.compute.internal",
            "zone":"eu-central-1{{{(char)('a' + (pod.Node % 3))}}}"}
            """));
    }

    private string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        (bytes[7], bytes[8]) = ((byte)((bytes[7] & 0x0F) | 0x40), (byte)((bytes[8] & 0x3F) | 0x80));
        return new Guid(bytes).ToString();
    }

    private string Suffix() => string.Create(5, _random, static (text, random) =>
    {
        foreach (ref var c in text)
        {
            c = "bcdfghjklmnpqrstvwxz2456789"[random.Next(27)];
        }
    });

    private static string OneLine(FormattableString json) => json.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("");

    private sealed record Pod(string Name, string Uid, int Node);

    /// <summary>Where the metadata that every event changes is in the stream.</summary>
    private sealed record Places(int Version, int Generation, int Annotation, int ManagedFields)
    {
        public static Places In(byte[] stream, Range line)
        {
            var (start, length) = line.GetOffsetAndLength(stream.Length);
            int After(string text) => stream.AsSpan(start, length).IndexOf(Encoding.UTF8.GetBytes(text)) is >= 0 and var at
                ? start + at + text.Length
                : throw new InvalidOperationException($"The events have no {text}.");
            return new(
                After("\"resourceVersion\":\""), After("\"generation\":"), After("trigger-time\":\"2026-01-02T"),
                After("\"time\":\"2026-01-02T"));
        }

        public void Write(byte[] stream, int version)
        {
            version.TryFormat(stream.AsSpan(Version), out _, default, CultureInfo.InvariantCulture);
            version.TryFormat(stream.AsSpan(Generation), out _, default, CultureInfo.InvariantCulture);
            TimeSpan.FromSeconds(version % 86_400).TryFormat(stream.AsSpan(Annotation), out _, "hh\\:mm\\:ss");
            TimeSpan.FromSeconds(version % 86_400).TryFormat(stream.AsSpan(ManagedFields), out _, "hh\\:mm\\:ss");
        }
    }
}
