using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests;

public sealed class SliceTests
{
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", version: 17, @namespace: "prod", port: 8080)
        .With("cache-0", "10.0.0.1", zone: "a", node: "n1", hostname: "cache-0")
        .With("cache-1", "10.0.0.2", ready: false);

    [Fact]
    public void A_slice_is_what_its_one_line_says()
    {
        Assert.Equal("cache", _slice.ServiceName);
        Assert.Equal(("cache-abc", "prod", "17"), (_slice.Metadata.Name, _slice.Metadata.Namespace, _slice.Metadata.ResourceVersion));
        Assert.Equal(
            new Endpoint[]
            {
                new()
                {
                    Addresses = ["10.0.0.1"], Ready = true, Serving = true, Terminating = false, Zone = "a", NodeName = "n1",
                    Hostname = "cache-0", TargetRef = new("Pod", "prod", "cache-0", "uid-cache-0"),
                },
                new()
                {
                    Addresses = ["10.0.0.2"], Ready = false, Serving = false, Terminating = false,
                    TargetRef = new("Pod", "prod", "cache-1", "uid-cache-1"),
                },
            },
            _slice.Endpoints);
        Assert.Equal(new EndpointPort("", 8080), Assert.Single(_slice.Ports));
    }

    [Fact]
    public void The_next_version_of_a_slice_is_the_last_with_a_change()
    {
        var next = _slice.At(18).With("cache-1", "10.0.0.9", terminating: true).Without("cache-0").WithPort(null, "any", "UDP");

        Assert.Equal("18", next.Metadata.ResourceVersion);
        var endpoint = Assert.Single(next.Endpoints);
        Assert.Equal(("10.0.0.9", true), (endpoint.Addresses[0], endpoint.Terminating));
        Assert.Equal(new EndpointPort[] { new("", 8080), new("any", null, "UDP") }, next.Ports);
        Assert.Equal(2, _slice.Endpoints.Count);
        Assert.Throws<ArgumentException>(() => _slice.Without("cache-7"));
    }

    [Fact]
    public void Events_carry_the_version_of_their_slice()
    {
        Assert.Equal(new WatchEvent<EndpointSlice>.Added(_slice, "17"), _slice.Added());
        Assert.Equal(new WatchEvent<EndpointSlice>.Modified(_slice, "17"), _slice.Modified());
        Assert.Equal(new WatchEvent<EndpointSlice>.Deleted(_slice.At(19), "19"), _slice.Deleted(19));
        Assert.Equal(new WatchEvent<EndpointSlice>.Listed([_slice], "20"), WatchEvents.Listed("20", _slice));
    }

    [Fact]
    public void Json_is_what_an_API_server_sends()
    {
        Assert.Equal(
            """{"type":"MODIFIED","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"cache-abc","namespace":"prod","uid":"uid-cache-abc","resourceVersion":"17","labels":{"kubernetes.io/service-name":"cache"}},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true,"serving":true,"terminating":false},"hostname":"cache-0","targetRef":{"kind":"Pod","namespace":"prod","name":"cache-0","uid":"uid-cache-0"},"nodeName":"n1","zone":"a"}],"ports":[{"name":"","port":8080,"protocol":"TCP"}]}}""" + "\n",
            SliceJson.Modified(_slice.Without("cache-1")));
        Assert.Equal(
            """{"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"20","continue":"abc"},"items":[{"metadata":{"name":"e","namespace":"default","uid":"uid-e","resourceVersion":"1","labels":{"kubernetes.io/service-name":"s"}},"addressType":"IPv6","endpoints":null,"ports":null}]}""",
            SliceJson.Page("20", "abc", Slice.Of("e", "s", addressType: "IPv6")));
        Assert.Equal(
            """{"type":"BOOKMARK","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"21","creationTimestamp":null},"addressType":"","endpoints":null,"ports":null}}""" + "\n",
            SliceJson.Bookmark("21"));
        Assert.Equal(
            """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410}}""" + "\n",
            SliceJson.Error(410, "Expired", "too old"));
    }

    [Fact]
    public void Json_leaves_out_what_is_absent_and_says_what_is_there()
    {
        var slice = Slice.Of("e", "s").With(new Endpoint { Addresses = ["10.0.0.1"], ForZones = ["a", "b"], ForNodes = ["n"] });
        slice = slice with
        {
            Metadata = slice.Metadata with { LastChangeTriggerTime = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero) },
            Ports = [new("x", 1, "TCP", "kubernetes.io/h2c")],
        };

        using var json = JsonDocument.Parse(SliceJson.Of(slice));
        Assert.Equal(
            """{"addresses":["10.0.0.1"],"conditions":{},"hints":{"forZones":[{"name":"a"},{"name":"b"}],"forNodes":[{"name":"n"}]}}""",
            json.RootElement.GetProperty("endpoints")[0].GetRawText());
        Assert.Equal(
            "2026-01-02T03:04:05.678Z",
            json.RootElement.GetProperty("metadata").GetProperty("annotations").EnumerateObject().Single().Value.GetString());
        Assert.Equal("kubernetes.io/h2c", json.RootElement.GetProperty("ports")[0].GetProperty("appProtocol").GetString());
    }
}
