using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using Rx.Kube.Tests.Collisions;
using Rx.Kube.Tests.Watching;
using static Rx.Kube.Tests.Limits.WireLimitTests;

namespace Rx.Kube.Tests.Limits;

/// <summary>Each limit on an object that is decoded, one below, at and one above it.</summary>
public class ObjectLimitTests
{
    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(-1, 16)]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(-1, 10_000)]
    [InlineData(0, 10_000)]
    [InlineData(1, 10_000)]
    public void The_depth_of_a_decoded_object_is_limited(int beyond, int? option)
    {
        var limit = option ?? 64;
        var limits = option is null ? null : new WireLimits { MaxObjectDepth = limit };
        var atTop = $$$"""{"a":{{{Deep(limit - 1 + beyond)}}},"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[]}""";
        var inEndpoint = """{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"a":"""
            + $$"""{{Deep(limit - 3 + beyond)}}}]}""";
        foreach (var json in (string[])[atTop, inEndpoint])
        {
            Holds(ResourceKinds.EndpointSlices, json);
        }

        var plain = $$$"""{"a":{{{Deep(limit - 1 + beyond)}}},"metadata":{"name":"a"}}""";
        Holds(ResourceKinds.Endpoints, plain);
        Holds(ResourceKinds.Pods, plain);
        Holds(ResourceKinds.Nodes, plain);

        void Holds<T>(ResourceKind<T> kind, string json)
        {
            var decode = kind.CreateDecoder(limits);
            var error = Record.Exception(() => decode(Encoding.UTF8.GetBytes(json)));
            Assert.Equal(beyond > 0, error is not null);
            Assert.Contains(
                beyond > 0 ? $"more than the depth of {limit} levels. To fix: raise WireLimits.MaxObjectDepth" : "",
                error?.Message ?? "",
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_object_that_is_broken_at_the_limit_of_the_depth_is_not_called_too_deep()
    {
        var json = $$$"""{"metadata":{"name":"a"},"a":{{{Deep(63)[..63]}}}!""";

        var error = Assert.Throws<JsonException>(() => ResourceKinds.Pods.Decode(Encoding.UTF8.GetBytes(json)));

        Assert.Contains("'!' is an invalid start of a value", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_labels_of_an_object_are_limited_and_those_that_collide_are_found(int beyond)
    {
        // Names with a part in front and one behind: no short part tells them apart, and their whole hash does not either.
        const string Between = "--------";
        var first = CollidingNames.Of(65);
        var second = CollidingNames.Of(64, after: first[0] + Between);
        var names = Enumerable.Range(0, WireLimits.Default.MaxLabels + beyond)
            .Select(i => first[i / 64] + Between + second[i % 64]).ToList();
        Assert.Single(names.Select(CollidingNames.UnkeyedHash).Distinct());
        var json = $$$"""{"metadata":{"name":"a","labels":{{{JsonSerializer.Serialize(names.ToDictionary(n => n))}}}}}""";

        var error = Record.Exception(() =>
        {
            var pod = ResourceKinds.Pods.Decode(Encoding.UTF8.GetBytes(json));
            Assert.All(names, n => Assert.Equal(n, pod.Metadata.Labels[n]));
        });

        Assert.Equal(beyond > 0, error is not null);
        Assert.Contains(
            beyond > 0 ? "more than 4096 labels. To fix: raise WireLimits.MaxLabels" : "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_labels_of_the_objects_of_a_list_are_limited_by_the_option(int beyond)
    {
        const int Limit = 3;
        var labels = string.Join(',', Enumerable.Range(0, Limit + beyond).Select(i => $"\"l{i}\":\"x\""));
        var server = new CannedServer().Answers(
            """{"metadata":{"resourceVersion":"17"},"items":["""
            + $$$"""{"metadata":{"name":"a","resourceVersion":"7","labels":{ {{{labels}}} } } }]}""");

        var pods = await server.Connection.Resources(ResourceKinds.Pods, new() { Limits = new() { MaxLabels = Limit } }).List();

        Assert.Equal(beyond > 0 ? (0, 1) : (1, 0), (pods.Items.Length, pods.SkippedItems.Length));
        Assert.All(pods.SkippedItems, s => Assert.Contains(
            "more than 3 labels. To fix: raise WireLimits.MaxLabels", s.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_labels_of_an_object_of_each_kind_are_limited_by_the_option(int beyond)
    {
        var limits = new WireLimits { MaxLabels = 3 };
        var labels = string.Join(',', Enumerable.Range(0, limits.MaxLabels + beyond).Select(i => $"\"l{i}\":\"x\""));
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"name":"a","labels":{ {{{labels}}} }},"addressType":"IPv4","endpoints":[]}""");
        Action[] decoders =
        [
            () => ResourceKinds.EndpointSlices.CreateDecoder(limits)(json),
            () => ResourceKinds.Endpoints.CreateDecoder(limits)(json),
            () => ResourceKinds.Pods.CreateDecoder(limits)(json),
            () => ResourceKinds.Nodes.CreateDecoder(limits)(json),
        ];
        Assert.All(decoders, decode => Assert.Equal(beyond > 0, Record.Exception(decode) is JsonException));
    }
}
