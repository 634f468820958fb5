using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Simulator.Protobuf;
using Rx.Kube.Tests.Resources;

namespace Rx.Kube.Tests.Wire.Protobuf;

/// <summary>
/// The decoders of protobuf beside those of JSON, for every object. A failure prints its seed, which is the whole input. The bytes come
/// from the simulator's writer, which shares no code with the decoders.
/// </summary>
public class ProtobufDecoderProperties
{
    // One decoder for all inputs, so that what it remembers could spoil the next one.
    private readonly ProtobufSliceDecoder _slices = new();
    private readonly ProtobufEndpointsDecoder _endpoints = new();
    private readonly ProtobufPodDecoder _pods = new();
    private readonly ProtobufNodeDecoder _nodes = new();

    [Fact]
    public void A_slice_equals_the_slice_in_json() => ForSeeds(3000, seed => Same(
        ResourceKinds.EndpointSlices, _slices.Decode, "EndpointSlice", new RandomSlice(new Random(seed)).Next()));

    [Fact]
    public void Endpoints_equal_the_endpoints_in_json() => ForSeeds(3000, seed => Same(
        ResourceKinds.Endpoints, _endpoints.Decode, "Endpoints", new RandomEndpoints(new Random(seed)).Next()));

    [Fact]
    public void A_pod_equals_the_pod_in_json() => ForSeeds(3000, seed => Same(
        ResourceKinds.Pods, _pods.Decode, "Pod", new RandomPod(new Random(seed)).Next()));

    [Fact]
    public void A_node_equals_the_node_in_json() => ForSeeds(3000, seed => Same(
        ResourceKinds.Nodes, _nodes.Decode, "Node", new RandomNode(new Random(seed)).Next()));

    [Fact]
    public void Broken_bytes_are_a_ProtobufException_and_nothing_else() => ForSeeds(1000, seed =>
    {
        var random = new Random(seed);
        Broken(_slices.Decode, Bytes("EndpointSlice", new RandomSlice(random).Next()), random);
        Broken(_endpoints.Decode, Bytes("Endpoints", new RandomEndpoints(random).Next()), random);
        Broken(_pods.Decode, Bytes("Pod", new RandomPod(random).Next()), random);
        Broken(_nodes.Decode, Bytes("Node", new RandomNode(random).Next()), random);
    });

    private static void Broken<T>(ObjectDecoder<T> decode, byte[] bytes, Random random)
    {
        var kept = decode(bytes);
        for (var i = 0; i < 10; i++)
        {
            var broken = JsonMutation.Mutate(bytes, random);
            try
            {
                Assert.Equal(decode(broken), decode(broken));
            }
            catch (ProtobufException e)
            {
                Assert.NotEmpty(e.Message);
            }

            Assert.InRange(ProtobufWireFormat.Instance.ReadVersion(broken).Length, 0, broken.Length);
        }

        Assert.Equal(kept, decode(bytes));
    }

    private static void Same<T>(ResourceKind<T> kind, ObjectDecoder<T> protobuf, string message, JsonObject random)
        where T : IResource
    {
        AsStored(random);
        var json = Encoding.UTF8.GetBytes(random.ToJsonString());
        var bytes = Bytes(message, random);
        var (expected, decoded) = (kind.Decode(json), protobuf(bytes));
        Assert.Equal(expected, decoded);
        Assert.Equal(expected.Metadata, decoded.Metadata); // its version as well
        Assert.Equal(expected, protobuf(ProtobufWriter.Envelope("v1", message, bytes)));
        Assert.Equal(JsonWireFormat.Instance.ReadVersion(json), ProtobufWireFormat.Instance.ReadVersion(bytes));
        var identity = ProtobufWireFormat.Instance.ReadIdentity(bytes);
        Assert.Equal((expected.Metadata.Namespace, expected.Metadata.Name), (identity.Namespace, identity.Name));
    }

    // What Go's types cannot hold: a fraction of a second, an empty text of a field that is omitted when empty, no number of a port.
    private static void AsStored(JsonObject item)
    {
        if (item["metadata"]!["deletionTimestamp"] is { } time)
        {
            item["metadata"]!["deletionTimestamp"] = time.GetValue<string>().Replace(".678", "", StringComparison.Ordinal);
        }

        foreach (var subset in (item["subsets"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var address in Of(subset, "addresses").Concat(Of(subset, "notReadyAddresses")))
            {
                if (address["hostname"]?.GetValue<string>() is "")
                {
                    address.Remove("hostname");
                }
            }

            var ports = subset["ports"] as JsonArray ?? [];
            for (var i = 0; i < ports.Count; i++)
            {
                ports[i] ??= new JsonObject();
                ports[i]!["port"] ??= 0;
            }
        }

        static IEnumerable<JsonObject> Of(JsonObject parent, string name) => (parent[name] as JsonArray ?? []).OfType<JsonObject>();
    }

    private static byte[] Bytes(string message, JsonObject item) =>
        ProtobufWriter.Message(message, JsonElement.Parse(Encoding.UTF8.GetBytes(item.ToJsonString())));

    private static void ForSeeds(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
