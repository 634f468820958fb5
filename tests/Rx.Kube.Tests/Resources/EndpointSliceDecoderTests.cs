using System.Text;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

public class EndpointSliceDecoderTests
{
    private const string Full = """
        {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1",
         "metadata":{"name":"cache-abc","namespace":"prod","uid":"s-1","resourceVersion":"4711","generation":3,
           "labels":{"kubernetes.io/service-name":"cache","app":"caché"},
           "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05.123456789Z","x":"y"},
           "managedFields":[{"manager":"kube-controller-manager","fieldsV1":{"f:endpoints":{}}}]},
         "addressType":"IPv4",
         "endpoints":[
           {"addresses":["10.0.0.1","10.0.0.2"],"conditions":{"ready":true,"serving":true,"terminating":false},
            "hostname":"cache-0","nodeName":"n1","zone":"a","deprecatedTopology":{"x":"y"},
            "targetRef":{"kind":"Pod","namespace":"prod","name":"cache-0","uid":"u1","resourceVersion":"1"},
            "hints":{"forZones":[{"name":"a"}],"forNodes":[{"name":"n1"},{"name":"n2"}]}},
           {"addresses":["10.0.0.3"],"conditions":{}}],
         "ports":[{"name":"http","port":8080,"protocol":"TCP","appProtocol":"kubernetes.io/h2c"},{}]}
        """;

    [Fact]
    public void Every_field_is_decoded()
    {
        var slice = Decode(Full);
        Assert.Equal(("cache-abc", "prod", "s-1", "4711"),
            (slice.Metadata.Name, slice.Metadata.Namespace, slice.Metadata.Uid, slice.Metadata.ResourceVersion));
        Assert.Equal(("cache", "caché", 2), (slice.ServiceName, slice.Metadata.Labels["app"], slice.Metadata.Labels.Count));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), slice.Metadata.LastChangeTriggerTime);
        Assert.Equal("IPv4", slice.AddressType);
        Assert.Equal<Endpoint>(
            [
                new Endpoint
                {
                    Addresses = ["10.0.0.1", "10.0.0.2"], Ready = true, Serving = true, Terminating = false, Hostname = "cache-0",
                    NodeName = "n1", Zone = "a", TargetRef = new TargetReference("Pod", "prod", "cache-0", "u1"),
                    ForZones = ["a"], ForNodes = ["n1", "n2"],
                },
                new Endpoint { Addresses = ["10.0.0.3"] },
            ],
            slice.Endpoints);
        Assert.Equal<EndpointPort>([new("http", 8080, "TCP", "kubernetes.io/h2c"), new("", null)], slice.Ports);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"kind":null,"metadata":""" +
        """{"name":"a","namespace":null,"labels":null,"annotations":null},"addressType":null,"endpoints":null,"ports":null}""")]
    [InlineData("""{"kind":"","metadata":null,"metadata":""" +
        """{"name":"b"},"endpoints":[],"metadata":{"name":"a"},"ports":[{"port":1}],"ports":[]}""")]
    [InlineData("""{"met\u0061data":{"name":"\u0061"}}""")]
    public void Absent_null_and_duplicate_fields_are_decoded_as_by_the_server(string json)
    {
        var slice = Decode(json);
        Assert.Equal(new EndpointSlice { Metadata = new ObjectMeta { Name = "a" } }, slice);
        Assert.True(slice.Endpoints.IsEmpty && slice.Ports.IsEmpty);
    }

    [Fact]
    public void Nulls_inside_are_zero_values()
    {
        var slice = Decode("""
            {"metadata":{"name":"a","labels":{"x":null}},"ports":[null,{"name":null,"port":null,"protocol":null}],
             "endpoints":[null,{"addresses":[null],"conditions":null,"targetRef":null,"hints":null,"zone":null},
               {"addresses":null,"conditions":{"ready":null},"hints":{"forZones":null,"forNodes":[null,{"name":null}]},
                "targetRef":{"kind":null}}]}
            """);
        Assert.Equal("", slice.Metadata.Labels["x"]);
        Assert.Equal<EndpointPort>([new("", null), new("", null)], slice.Ports);
        Assert.Equal<Endpoint>(
            [
                new(), new() { Addresses = [""] },
                new() { ForNodes = ["", ""], TargetRef = new TargetReference("", "", "", "") },
            ],
            slice.Endpoints);
    }

    [Theory]
    [InlineData("""{}""", "$")]
    [InlineData("""null""", "$")]
    [InlineData("""[]""", "$")]
    [InlineData("""{"metadata":{"name":""}}""", "$.metadata")]
    [InlineData("""{"kind":"Pod","metadata":{"name":"a"}}""", "$.kind")]
    [InlineData("""{"metadata":{"name":5}}""", "$.metadata.name")]
    [InlineData("""{"metadata":{"name":"a","labels":["x"]}}""", "$.metadata.labels")]
    [InlineData("""{"metadata":{"name":"a","labels":{"a/b":true}}}""", "$.metadata.labels.a/b")]
    [InlineData("""{"metadata":{"name":"a","labels":{"\u001b[2J":true}}}""", "$.metadata.labels.?")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":{}}""", "$.endpoints")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{},{"conditions":{"ready":"true"}}]}""", "$.endpoints[1].conditions.ready")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{"addresses":["x",7]}]}""", "$.endpoints[0].addresses[1]")]
    [InlineData("""{"metadata":{"name":"a"},"ports":[{"port":80.5}]}""", "$.ports[0].port")]
    [InlineData("""{"metadata":{"name":"a"},"ports":[{"port":99999999999}]}""", "$.ports[0].port")]
    [InlineData("""{"metadata":{"name":"\ud800"}}""", "$.metadata.name")]
    [InlineData("""{"metadata":{"name":"a"}} {}""", null)]
    [InlineData("""{"metadata":{"name":"a"},}""", null)]
    [InlineData("""{"metadata":{"name":"a"}""", null)]
    [InlineData("", null)]
    public void A_value_of_another_type_is_a_JsonException_with_the_path(string json, string? path)
    {
        var error = Assert.Throws<JsonException>(() => Decode(json));
        Assert.All(error.Message, c => Assert.InRange(c, ' ', '~'));
        if (path is not null)
        {
            Assert.Equal(path, error.Path);
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC0)]
    [InlineData(0xED)]
    public void Text_that_is_not_utf8_is_a_JsonException(byte bad)
    {
        foreach (var marker in new[] { "cache-abc", "10.0.0.1", "u1", "caché", "n1", "http" })
        {
            var json = Encoding.UTF8.GetBytes(Full);
            json[json.AsSpan().IndexOf(Encoding.UTF8.GetBytes('"' + marker)) + 1] = bad;
            Assert.Throws<JsonException>(() => new EndpointSliceDecoder().Decode(json));
        }
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var deep = new string('[', 100_000);
        Assert.Throws<JsonException>(() => Decode($$"""{"metadata":{"name":"a"},"x":{{deep}}"""));
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"2026-01-02T03:04:05\"")] // no offset, so the instant is unknown
    [InlineData("17")]
    [InlineData("{\"a\":1}")]
    public void AnInvalidTriggerTime_IsIgnored(string time)
    {
        var slice = Decode(
            $$"""{"metadata":{"name":"a","annotations":{"endpoints.kubernetes.io/last-change-trigger-time":{{time}} } } }""");
        Assert.Null(slice.Metadata.LastChangeTriggerTime);
    }

    [Fact]
    public void Repeated_strings_are_shared()
    {
        var decoder = new EndpointSliceDecoder();
        var one = decoder.Decode(Encoding.UTF8.GetBytes(Full));
        var two = decoder.Decode(Encoding.UTF8.GetBytes(Full));
        Assert.Same(one.Metadata.Labels, two.Metadata.Labels);
        Assert.Same(one.Endpoints[0].Zone, two.Endpoints[0].Zone);
        Assert.Same(one.Endpoints[0].NodeName, two.Endpoints[0].NodeName);
    }

    [Theory]
    [InlineData("a b c", "a B c", "a c")] // changed
    [InlineData("a b c", "a c", "a c")] // removed
    [InlineData("a b c", "x a b y c z", "a b c")] // inserted
    [InlineData("a b c d e f", "f e d c b a", "a b c d e f")] // reversed
    [InlineData("a b c", "", "")]
    [InlineData("a b c", "A B C", "")]
    [InlineData("a a", "a a a", "a a a")]
    public void AnEndpointThatDidNotChange_IsTheSameObject(string before, string now, string same)
    {
        var decoder = new EndpointSliceDecoder();
        var first = decoder.Decode(WithZones(before));
        var second = decoder.Decode(WithZones(now));
        Assert.Equal(now.Split(' ', StringSplitOptions.RemoveEmptyEntries), second.Endpoints.Select(e => e.Zone));
        Assert.Equal(
            same.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            second.Endpoints.Where(e => first.Endpoints.Any(f => ReferenceEquals(e, f))).Select(e => e.Zone!).Order());
        Assert.Same(second.Endpoints, decoder.Decode(WithZones(now)).Endpoints);
    }

    [Fact]
    public void A_change_of_one_byte_is_noticed_in_a_known_slice()
    {
        var json = Encoding.UTF8.GetBytes(System.Text.Json.Nodes.JsonNode.Parse(Full)!.ToJsonString());
        var known = new EndpointSliceDecoder();
        var kept = known.Decode(json);
        for (var at = 0; at < json.Length; at++)
        {
            foreach (var change in new byte[] { 1, 4, 32 })
            {
                json[at] ^= change;
                Assert.Equal(Outcome(new EndpointSliceDecoder(), json), Outcome(known, json));
                json[at] ^= change;
                Assert.Equal(kept, known.Decode(json));
            }
        }

        static object Outcome(EndpointSliceDecoder decoder, byte[] json)
        {
            try
            {
                return decoder.Decode(json);
            }
            catch (JsonException e)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public void The_kind_has_the_servers_name() =>
        Assert.Equal("endpointslices.discovery.k8s.io", ResourceKinds.EndpointSlices.ToString());

    private static byte[] WithZones(string zones) => Encoding.UTF8.GetBytes(
        """{"metadata":{"name":"a","resourceVersion":"1"},"endpoints":[""" +
        $$"""{{string.Join(',', zones.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(z => $$"""{"zone":"{{z}}"}"""))}}]}""");

    private static EndpointSlice Decode(string json) => new EndpointSliceDecoder().Decode(Encoding.UTF8.GetBytes(json));
}
