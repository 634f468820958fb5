using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

public class LegacyEndpointsDecoderTests
{
    private readonly LegacyEndpointsDecoder _decoder = new();

    [Fact]
    public void Every_field_is_decoded()
    {
        var endpoints = Decode("""
            {"kind":"Endpoints","apiVersion":"v1",
             "metadata":{"name":"cache","namespace":"prod","uid":"e-1","resourceVersion":"4711","labels":{"app":"cache"},
               "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05Z",
                 "endpoints.kubernetes.io/over-capacity":"truncated"}},
             "subsets":[
               {"addresses":[{"ip":"10.0.0.1","hostname":"cache-0","nodeName":"n1",
                  "targetRef":{"kind":"Pod","namespace":"prod","name":"cache-0","uid":"u1","resourceVersion":"1"}}],
                "notReadyAddresses":[{"ip":"10.0.0.2"}],
                "ports":[{"name":"http","port":8080,"protocol":"TCP","appProtocol":"kubernetes.io/h2c"},{"port":53,"protocol":"UDP"}]},
               {}]}
            """);
        Assert.Equal(("cache", "prod", "e-1", "4711", "cache"), (endpoints.Metadata.Name, endpoints.Metadata.Namespace,
            endpoints.Metadata.Uid, endpoints.Metadata.ResourceVersion, endpoints.Metadata.Labels["app"]));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), endpoints.Metadata.LastChangeTriggerTime);
        Assert.True(endpoints.IsTruncated);
        Assert.Equal<EndpointSubset>(
            [
                new EndpointSubset
                {
                    Addresses = [new("10.0.0.1", "cache-0", "n1", new TargetReference("Pod", "prod", "cache-0", "u1"))],
                    NotReadyAddresses = [new("10.0.0.2")],
                    Ports = [new("http", 8080, "TCP", "kubernetes.io/h2c"), new("", 53, "UDP")],
                },
                new EndpointSubset(),
            ],
            endpoints.Subsets);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"kind":null,"metadata":{"name":"a","annotations":null},"subsets":null}""")]
    [InlineData("""{"metadata":{"name":"b","annotations":""" +
        """{"endpoints.kubernetes.io/over-capacity":"truncated"}},"subsets":[{}],"metadata":{"name":"a"},"subsets":[]}""")]
    [InlineData("""{"metadata":{"name":"a","annotations":{"endpoints.kubernetes.io/over-capacity":"warning"}}}""")]
    public void Absent_null_and_duplicate_fields_are_decoded_as_by_the_server(string json) =>
        Assert.Equal(new LegacyEndpoints { Metadata = new ObjectMeta { Name = "a" } }, Decode(json));

    [Theory]
    [InlineData("""{}""", "$")]
    [InlineData("""null""", "$")]
    [InlineData("""{"kind":"EndpointSlice","metadata":{"name":"a"}}""", "$.kind")]
    [InlineData("""{"metadata":{"name":"a"},"subsets":{}}""", "$.subsets")]
    [InlineData("""{"metadata":{"name":"a"},"subsets":[{},{"addresses":[{"ip":7}]}]}""", "$.subsets[1].addresses[0].ip")]
    [InlineData("""{"metadata":{"name":"a"},"subsets":[{"notReadyAddresses":["x"]}]}""", "$.subsets[0].notReadyAddresses[0]")]
    [InlineData("""{"metadata":{"name":"a"},"subsets":[{"ports":[{"port":"80"}]}]}""", "$.subsets[0].ports[0].port")]
    [InlineData("""{"metadata":{"name":"a"}} {}""", null)]
    [InlineData("""{"metadata":{"name":"a"},"subsets":[{"addresses":[{"ip":""", null)]
    [InlineData("", null)]
    public void A_value_of_another_type_is_a_JsonException_with_the_path(string json, string? path)
    {
        var error = Assert.Throws<JsonException>(() => Decode(json));
        Assert.True(path is null || path == error.Path, error.Path);
    }

    [Fact]
    public void Decodes_what_the_document_says() => ForSeeds(2000, seed =>
    {
        var random = new Random(seed);
        var json = new RandomEndpoints(random).Next().ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(4) == 0 });
        Assert.Equal(Reference(JsonNode.Parse(json)!), Decode(json));
    });

    [Fact]
    public void Broken_input_is_a_JsonException_and_nothing_else() => ForSeeds(1000, seed =>
    {
        var random = new Random(seed);
        var json = Encoding.UTF8.GetBytes(new RandomEndpoints(random).Next().ToJsonString());
        for (var i = 0; i < 15; i++)
        {
            try
            {
                _decoder.Decode(JsonMutation.Mutate(json, random));
            }
            catch (JsonException e)
            {
                Assert.NotNull(e.Path);
            }
        }
    });

    private static LegacyEndpoints Reference(JsonNode json) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = "cache",
            Namespace = Text(json["metadata"]!["namespace"]) ?? "",
            Uid = Text(json["metadata"]!["uid"]) ?? "",
            ResourceVersion = Text(json["metadata"]!["resourceVersion"]) ?? "",
        },
        IsTruncated = json["metadata"]!["annotations"]?["endpoints.kubernetes.io/over-capacity"] is JsonValue value &&
            value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "truncated",
        Subsets =
        [
            .. Items(json["subsets"]).Select(s => new EndpointSubset
            {
                Addresses = [.. Items(s?["addresses"]).Select(Address)],
                NotReadyAddresses = [.. Items(s?["notReadyAddresses"]).Select(Address)],
                Ports =
                [
                    .. Items(s?["ports"]).Select(p => new EndpointPort(
                        Text(p?["name"]) ?? "", p?["port"]?.GetValue<int>(), Text(p?["protocol"]) ?? "TCP", Text(p?["appProtocol"]))),
                ],
            }),
        ],
    };

    private static EndpointAddress Address(JsonNode? a) => new(
        Text(a?["ip"]) ?? "", Text(a?["hostname"]), Text(a?["nodeName"]), a?["targetRef"] is { } t
            ? new TargetReference(Text(t["kind"]) ?? "", Text(t["namespace"]) ?? "", Text(t["name"]) ?? "", Text(t["uid"]) ?? "") : null);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static JsonArray Items(JsonNode? node) => node?.AsArray() ?? [];

    private LegacyEndpoints Decode(string json) => _decoder.Decode(Encoding.UTF8.GetBytes(json));

    private static void ForSeeds(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
