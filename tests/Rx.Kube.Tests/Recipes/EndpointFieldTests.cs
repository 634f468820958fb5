using System.Text;
using System.Text.Json;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Recipes;

/// <summary>The recipe "add a field" of CONTRIBUTING.md: each property of an endpoint is followed from its JSON to the snapshot.</summary>
public sealed class EndpointFieldTests
{
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache");
    private static readonly Endpoint _plain = new() { Addresses = ["10.0.0.1"] };

    // A property of Endpoint: what the API server writes, and the endpoint that it means.
    private static readonly Dictionary<string, (string Json, Endpoint Endpoint)> _rows = new()
    {
        [nameof(Endpoint.Addresses)] = ("""{"addresses":["10.0.0.1","10.0.0.2"]}""", _plain with { Addresses = ["10.0.0.1", "10.0.0.2"] }),
        [nameof(Endpoint.Ready)] = (Json("\"conditions\":{\"ready\":false}"), _plain with { Ready = false }),
        [nameof(Endpoint.Serving)] = (Json("\"conditions\":{\"serving\":false}"), _plain with { Serving = false }),
        [nameof(Endpoint.Terminating)] = (Json("\"conditions\":{\"terminating\":true}"), _plain with { Terminating = true }),
        [nameof(Endpoint.Hostname)] = (Json("\"hostname\":\"cache-0\""), _plain with { Hostname = "cache-0" }),
        [nameof(Endpoint.NodeName)] = (Json("\"nodeName\":\"n1\""), _plain with { NodeName = "n1" }),
        [nameof(Endpoint.Zone)] = (Json("\"zone\":\"a\""), _plain with { Zone = "a" }),
        [nameof(Endpoint.TargetRef)] = (
            Json("""
                "targetRef":{"kind":"Pod","namespace":"prod","name":"cache-0","uid":"u"}
                """),
            _plain with { TargetRef = new("Pod", "prod", "cache-0", "u") }),
        [nameof(Endpoint.ForZones)] = (Json("\"hints\":{\"forZones\":[{\"name\":\"a\"}]}"), _plain with { ForZones = ["a"] }),
        [nameof(Endpoint.ForNodes)] = (Json("\"hints\":{\"forNodes\":[{\"name\":\"n1\"}]}"), _plain with { ForNodes = ["n1"] }),
    };

    public static TheoryData<string> Fields => [.. typeof(Endpoint).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_is_decoded(string field)
    {
        var (json, endpoint) = RowOf(field);
        Assert.NotEqual(_plain, endpoint);
        Assert.True(
            endpoint == Decode(SliceOf(json)).Endpoints[0],
            $"Endpoint.{field} is not decoded from {json}. To fix: read it in src/Rx.Kube/Resources/EndpointReader.cs.");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_is_written_by_the_slices_of_tests(string field)
    {
        var (with, without) = (SliceJson.Of(_slice.With(RowOf(field).Endpoint)), SliceJson.Of(_slice.With(_plain)));
        Assert.True(with != without, $"Endpoint.{field} is not written. To fix: write it in src/Rx.Kube.Testing/SliceJsonWriter.cs.");
        Assert.True(
            _slice.With(RowOf(field).Endpoint) == Decode(with),
            $"Endpoint.{field} is not decoded from {with}. To fix: read it in src/Rx.Kube/Resources/EndpointReader.cs as " +
            "src/Rx.Kube.Testing/SliceJsonWriter.cs writes it.");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_reaches_the_snapshot(string field)
    {
        var (with, without) = (Fold(_slice.With(RowOf(field).Endpoint)), Fold(_slice.With(_plain)));
        Assert.True(
            !with.Endpoints.Equals(without.Endpoints),
            $"Endpoint.{field} changes no snapshot. To fix: add a property to src/Rx.Kube/Topology/Snapshots/TopologyEndpoint.cs, set " +
            "it in src/Rx.Kube/Topology/Snapshots/EndpointParts.cs, and add it to src/Rx.Kube/Topology/Merging/ClaimOrder.cs.");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Two_slices_that_differ_in_a_field_merge_alike_in_any_order(string field)
    {
        EndpointSlice Named(string name, Endpoint endpoint) => Slice.Of(name, service: "cache").With(endpoint);
        var with = RowOf(field).Endpoint;
        Assert.True(
            Fold(Named("a", with), Named("b", _plain)).Endpoints.Equals(Fold(Named("b", with), Named("a", _plain)).Endpoints),
            $"With Endpoint.{field} the name of the slice decides. To fix: compare it in src/Rx.Kube/Topology/Merging/ClaimOrder.cs.");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_is_in_the_adapter_and_in_the_tests_that_list_the_fields(string field)
    {
        (string File, string Name)[] places =
        [
            ("tests/Rx.Kube.Tests/Resources/RandomSlice.cs", $"\"{JsonNamingPolicy.CamelCase.ConvertName(field)}\""),
            ("tests/Rx.Kube.Tests/Resources/ReferenceSlice.cs", field),
            ("tests/Rx.Kube.Tests/Resources/EndpointSliceDecoderTests.cs", $" {field} = "), // Full, and Every_field_is_decoded
            ("tests/Rx.Kube.Tests/Topology/RandomHistory.cs", $" {field} = "),
            ("tests/Rx.Kube.Tests/Topology/SliceRulesTests.cs", $" {field} = "), // Rule03_Between_claims_…, except for conditions
            ("tests/Rx.Kube.Testing.Tests/SliceJsonTests.cs", $" {field} = "),
            ("src/Rx.Kube.KubernetesClient/SliceConversion.cs", field), // A comment, where KubernetesClient does not have the field yet.
        ];
        Assert.All(places, place => Assert.True(
            Repository.Read(place.File).Contains(place.Name, StringComparison.Ordinal), $"To fix: add {place.Name} to {place.File}."));
    }

    private static (string Json, Endpoint Endpoint) RowOf(string field) => _rows.TryGetValue(field, out var row)
        ? row
        : throw new KeyNotFoundException(
            $"Endpoint.{field} is new. To fix: add its row to {nameof(EndpointFieldTests)}, and follow the failures " +
            "(\"add a field\" in CONTRIBUTING.md).");

    private static string Json(string field) => $$"""{"addresses":["10.0.0.1"],{{field}}}""";

    private static string SliceOf(string endpoint) =>
        $$$"""
        {"metadata":{"name":"cache-abc","namespace":"prod","resourceVersion":"1","labels":{"kubernetes.io/service-name":"cache"}},
         "addressType":"IPv4","endpoints":[{{{endpoint}}}]}
        """;

    private static EndpointSlice Decode(string json) => ResourceKinds.EndpointSlices.Decode(Encoding.UTF8.GetBytes(json));

    private static ServiceTopology Fold(params EndpointSlice[] slices) => Topology.TopologyTestData.Last(WatchEvents.Listed("1", slices));
}
