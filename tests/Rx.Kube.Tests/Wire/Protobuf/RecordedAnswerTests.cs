using System.Net;
using System.Reactive.Linq;
using System.Text.Json;
using Rx.Kube.Models;
using Rx.Kube.Simulator.Protobuf;
using Rx.Kube.Tests.Watching;
using static Rx.Kube.Tests.Wire.Protobuf.Recording;

namespace Rx.Kube.Tests.Wire.Protobuf;

/// <summary>What a real API server has sent in protobuf is read as what it has sent in JSON.</summary>
public class RecordedAnswerTests
{
    private const string AcceptJson = JsonMedia + "; drop=metadata.managedFields";
    private const string Accept = ProtobufMedia + "," + AcceptJson;

    public static TheoryData<string, string> Kinds => new()
    {
        { "endpointslices", "EndpointSlice" }, { "endpoints", "Endpoints" }, { "pods", "Pod" }, { "nodes", "Node" },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task Lists_of_all_kinds_have_the_same_objects_in_both_formats(int chunk)
    {
        await Same(ResourceKinds.EndpointSlices, "endpointslices", chunk);
        await Same(ResourceKinds.Endpoints, "endpoints", chunk);
        await Same(ResourceKinds.Pods, "pods", chunk);
        await Same(ResourceKinds.Nodes, "nodes", chunk);
    }

    [Fact]
    public async Task Every_field_of_the_models_is_in_the_recording()
    {
        var slice = (await List(ResourceKinds.EndpointSlices, "endpointslices")).Items[0];
        Assert.Equal(
            new Endpoint
            {
                Addresses = ["10.0.0.1", "10.0.0.2"],
                Ready = true,
                Serving = true,
                Terminating = false,
                Hostname = "cache-0",
                NodeName = "n1",
                Zone = "a",
                TargetRef = new("Pod", "default", "cache-0", "u-0"),
                ForZones = ["a", "b"],
                ForNodes = ["n1"],
            },
            slice.Endpoints[0]);
        Assert.Equal(new Endpoint { Addresses = ["10.0.0.3"] }, slice.Endpoints[1]);
        Assert.Equal<EndpointPort>([new("http", 8080, "TCP", "kubernetes.io/h2c"), new("", null)], slice.Ports);
        Assert.Equal(("IPv4", "cache", "6"), (slice.AddressType, slice.ServiceName, slice.Metadata.ResourceVersion));
        Assert.Equal(new OwnerReference("Service", "cache", "s-uid"), slice.Metadata.Controller);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), slice.Metadata.LastChangeTriggerTime);
        var endpoints = Assert.Single((await List(ResourceKinds.Endpoints, "endpoints")).Items);
        Assert.True(endpoints.IsTruncated);
        Assert.Equal(
            [new("10.0.0.1", "cache-0", "n1", new("Pod", "default", "cache-0", "u-0")), new("10.0.0.4")],
            endpoints.Subsets[0].Addresses);
        var pod = Assert.Single((await List(ResourceKinds.Pods, "pods")).Items);
        Assert.Equal(["10.0.0.1", "fd00::1"], pod.IPs);
        Assert.True(pod is { NodeName: "n1", Phase: "Running", Ready: true, Ordinal: 0, Revision: "cache-1" });
        var node = Assert.Single((await List(ResourceKinds.Nodes, "nodes")).Items);
        Assert.True(node is { Ready: true, Unschedulable: true, Zone: "eu-1a", Region: "eu-1" });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_simulator_writes_the_bytes_of_a_real_server(string plural, string kind)
    {
        var items = new List<byte[]>();
        await ProtobufListReader.ReadAsync(
            new MemoryStream(Bytes($"{plural}-list.pb")), WireLimits.Default, item => items.Add(item.ToArray()), CancellationToken.None);

        var written = ItemsOf($"{plural}-list.json").Select(json => ProtobufWriter.Message(kind, JsonElement.Parse(json)));

        Assert.Equal(items.Select(Convert.ToHexString), written.Select(Convert.ToHexString));
    }

    [Fact]
    public async Task A_page_has_its_token()
    {
        var items = 0;
        var page = await ProtobufListReader.ReadAsync(
            new MemoryStream(Bytes("endpointslices-page.pb")), WireLimits.Default, _ => items++, CancellationToken.None);

        Assert.Equal(1, items);
        Assert.Equal("6", page.ResourceVersion);
        Assert.StartsWith("eyJ2IjoibWV0YS5rOHMuaW8vdjEi", page.Continue, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endpointslices-watch", 1)]
    [InlineData("endpointslices-watch", 1 << 20)]
    [InlineData("endpointslices-initial-events", 3)]
    public async Task A_watch_has_the_same_events_in_both_formats(string file, int chunk)
    {
        var server = new CannedServer().Answers(Bytes($"{file}.pb"), chunk: chunk, contentType: WatchMedia)
            .Answers(Bytes($"{file}.json"), contentType: JsonMedia);

        var protobuf = await Slices(server, WireFormat.Protobuf).Watch("1").ToList();
        var json = await Slices(server, WireFormat.Json).Watch("1").ToList();

        Assert.Equal(json, protobuf);
        var isInitial = file.EndsWith("initial-events", StringComparison.Ordinal);
        Assert.Contains(protobuf, e => e is WatchEvent<EndpointSlice>.Bookmark b && b.EndsInitialEvents == isInitial);
        Assert.DoesNotContain(protobuf, e => e is WatchEvent<EndpointSlice>.Skipped);
        Assert.Equal([Accept, AcceptJson], server.Accepts);
    }

    [Fact]
    public async Task An_error_event_is_the_same_error_in_both_formats()
    {
        var server = new CannedServer().Answers(Bytes("error-410.pb"), contentType: WatchMedia)
            .Answers(Bytes("error-410.json"), contentType: JsonMedia);

        var protobuf = await Assert.ThrowsAsync<KubeStatusException>(async () => await Slices(server, WireFormat.Protobuf).Watch("3"));
        var json = await Assert.ThrowsAsync<KubeStatusException>(async () => await Slices(server, WireFormat.Json).Watch("3"));

        Assert.True(protobuf.IsGone);
        Assert.Equal((json.Message, json.Status), (protobuf.Message, protobuf.Status));
    }

    [Theory]
    [InlineData(401, "Unauthorized", "Unauthorized")]
    [InlineData(404, "NotFound", "endpointslices.discovery.k8s.io \"nope\" not found")]
    public async Task The_status_of_a_refusal_is_read(int code, string reason, string message)
    {
        var server = new CannedServer().Answers(Bytes($"status-{code}.pb"), (HttpStatusCode)code, contentType: ProtobufMedia);

        var error = await Assert.ThrowsAsync<KubeStatusException>(async () => await Slices(server, WireFormat.Protobuf).List());

        Assert.Equal((code, reason, message), (error.Status.Code, error.Status.Reason, error.Status.Message));
    }

    [Fact]
    public async Task Causes_and_waits_of_a_status_are_read()
    {
        var (status, retryAfter) = ProtobufWireFormat.Instance.ReadStatus(Bytes("status-504.pb"), 500);
        Assert.Equal((504, TimeSpan.FromSeconds(1)), (status.Code, retryAfter));
        Assert.Equal("ResourceVersionTooLarge", Assert.Single(status.Causes));

        var server = new CannedServer().Answers(Bytes("status-403.pb"), HttpStatusCode.Forbidden, contentType: ProtobufMedia);
        var error = await Assert.ThrowsAsync<KubeForbiddenException>(async () => await Slices(server, WireFormat.Protobuf).List());
        Assert.Contains("cannot list resource", error.Status.Message, StringComparison.Ordinal);
    }

    private static IWatchable<EndpointSlice> Slices(CannedServer server, WireFormat format) =>
        server.Connection.Resources(ResourceKinds.EndpointSlices, new() { Format = format });

    private static async Task<WatchEvent<T>.Listed> List<T>(ResourceKind<T> kind, string file, bool isJson = false, int chunk = 100)
    {
        var server = new CannedServer().Answers(
            Bytes($"{file}-list.{(isJson ? "json" : "pb")}"), chunk: chunk, contentType: isJson ? JsonMedia : ProtobufMedia);
        return await server.Connection.Resources(kind, new() { Format = WireFormat.Protobuf }).List();
    }

    private static async Task Same<T>(ResourceKind<T> kind, string file, int chunk)
        where T : IResource
    {
        var (json, protobuf) = (await List(kind, file, isJson: true), await List(kind, file, chunk: chunk));

        Assert.NotEmpty(protobuf.Items);
        Assert.Equal(json.ResourceVersion, protobuf.ResourceVersion);
        Assert.Equal(json.Items.AsEnumerable(), protobuf.Items);
        Assert.Equal(json.Items.Select(i => i.Metadata), protobuf.Items.Select(i => i.Metadata));
        Assert.Empty(protobuf.SkippedItems);
    }
}
