using System.Collections;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

public class SliceEndpointsTests
{
    private static readonly Endpoint _a = new() { Addresses = ["10.0.0.1"] };
    private static readonly Endpoint _b = new() { Addresses = ["10.0.0.2"] };
    private static readonly Endpoint _c = new() { Addresses = ["10.0.0.3"] };

    [Fact]
    public void The_endpoints_have_their_order_however_they_are_read()
    {
        SliceEndpoints endpoints = [_a, _b, _c];
        var enumerated = new List<Endpoint>();
        foreach (var endpoint in endpoints)
        {
            enumerated.Add(endpoint);
        }

        Assert.Equal((3, false), (endpoints.Count, endpoints.IsEmpty));
        Assert.Equal([_a, _b, _c], enumerated);
        Assert.Equal([_a, _b, _c], endpoints.Where(_ => true));
        Assert.Equal([_a, _b, _c], ((IEnumerable)endpoints).Cast<Endpoint>());
        Assert.Equal([_a, _b, _c], Enumerable.Range(0, 3).Select(i => endpoints[i]));
        Assert.ThrowsAny<Exception>(() => endpoints[3]);
        Assert.Same(SliceEndpoints.Empty, (SliceEndpoints)[]);
    }

    [Fact]
    public void A_change_makes_another_value()
    {
        SliceEndpoints endpoints = [_a, _b];

        Assert.Equal([_a, _b, _c], endpoints.Add(_c));
        Assert.Equal([_c, _a, _b], endpoints.Insert(0, _c));
        Assert.Equal([_a, _c, _b], endpoints.Insert(1, _c));
        Assert.Equal([_a, _c], endpoints.SetItem(1, _c));
        Assert.Equal([_b], endpoints.RemoveAt(0));
        Assert.Equal([_a, _b], endpoints);
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoints.Insert(3, _c));
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoints.SetItem(2, _c));
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoints.RemoveAt(-1));
    }

    [Fact]
    public void Equality_is_by_content_and_so_is_a_slices_own()
    {
        SliceEndpoints one = [_a, _b], same = [_a with { }, _b], other = [_b, _a], shorter = [_a];

        Assert.True(one.Equals(same) && one.Equals((object)same) && one.GetHashCode() == same.GetHashCode());
        Assert.False(one.Equals(other) || one.Equals(shorter) || one.Equals(null) || one.Equals((object?)null));
        Assert.Equal(SliceOf(one), SliceOf(same));
        Assert.Equal(SliceOf(one).GetHashCode(), SliceOf(same).GetHashCode());
        Assert.NotEqual(SliceOf(one), SliceOf(other));
    }

    [Fact]
    public void Enumerating_allocates_nothing()
    {
        SliceEndpoints endpoints = [_a, _b, _c];
        _ = Count(endpoints);
        var before = GC.GetAllocatedBytesForCurrentThread();

        _ = Count(endpoints);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Count(SliceEndpoints endpoints)
    {
        var count = 0;
        foreach (var endpoint in endpoints)
        {
            count += endpoint.Ready ?? true ? 1 : 0;
        }

        return count;
    }

    private static EndpointSlice SliceOf(SliceEndpoints endpoints) => new() { Metadata = new() { Name = "s" }, Endpoints = endpoints };
}
