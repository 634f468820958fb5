using System.Reactive.Linq;
using System.Text;

namespace Rx.Kube.Tests.Watching;

/// <summary>What a subscription holds, as it is counted.</summary>
public class RetainedObjectsTests
{
    private static readonly ResourceKey _a = new("ns", "a");
    private static readonly ResourceKey _b = new("ns", "b");

    [Fact]
    public void An_object_counts_with_its_last_size_until_it_is_deleted()
    {
        var held = new RetainedObjects(new() { MaxRetainedBytes = 100 });
        held.Put(_a, 60);
        held.Put(_a, 80);
        Assert.Equal(80, held.Bytes);
        Assert.Throws<KubeProtocolException>(() => held.Put(_b, 21));

        held.Put(_b, 20);
        held.Remove(_a);
        held.Remove(_a);

        Assert.Equal(20, held.Bytes);
    }

    [Fact]
    public void What_is_refused_is_not_counted()
    {
        var held = new RetainedObjects(new() { MaxRetainedBytes = 100, MaxItems = 1 });
        held.Put(_a, 100);
        Assert.Throws<KubeProtocolException>(() => held.Put(_a, 101));
        Assert.Throws<KubeProtocolException>(() => held.Put(_b, 0));

        held.Remove(_a);
        held.Put(_b, 100);

        Assert.Equal(100, held.Bytes);
    }

    [Fact]
    public void The_last_good_state_of_an_object_that_cannot_be_decoded_still_counts_in_events_and_in_lists()
    {
        var limits = new WireLimits { MaxRetainedBytes = 100 };
        var held = new RetainedObjects(limits);
        held.Put(_a, 80);
        held.Skip(_a, 10);
        Assert.Equal(80, held.Bytes);

        var list = new ListedObjects(limits);
        list.Note(_a, 10, isSkipped: true);
        list.Note(_b, 5, isSkipped: false);
        held.Replace(list);
        Assert.Equal(85, held.Bytes);

        list.Note(_b, 25, isSkipped: false);
        Assert.Throws<KubeProtocolException>(() => held.Replace(list));
        Assert.Equal(85, held.Bytes); // the last state is kept, and counts on, so that the next list is not too much for another reason
        Assert.Throws<KubeProtocolException>(() => held.Replace(list));
    }

    [Fact]
    public void Objects_that_a_list_repeats_count_each_time_because_the_list_holds_them_all()
    {
        var list = new ListedObjects(new() { MaxRetainedBytes = 100 });
        list.Count(60);

        Assert.Throws<KubeProtocolException>(() => list.Count(60));
    }

    [Fact]
    public async Task A_kind_whose_type_has_no_metadata_is_counted_by_the_metadata_of_the_json()
    {
        static string Line(string type, string name) =>
            $$$"""{"type":"{{{type}}}","object":{"metadata":{"name":"{{{name}}}","namespace":"ns","resourceVersion":"7"} } }""" + "\n";
        var kind = new ResourceKind<int>("", "v1", "pods", json => json.Length);
        var selection = new ResourceSelection { Limits = new() { MaxItems = 2 } };
        var churn = string.Concat(Enumerable.Range(0, 9).Select(i => Line("ADDED", $"p{i}") + Line("DELETED", $"p{i}")));
        var server = new CannedServer().Answers(churn + Line("ADDED", "a") + Line("MODIFIED", "a") + Line("ADDED", "b"))
            .Answers(Line("ADDED", "a") + Line("ADDED", "b") + Line("ADDED", "c"));

        Assert.Equal(1 + 18 + 3, (await server.Connection.Resources(kind, selection).Watch("1").ToList()).Count);
        await Assert.ThrowsAsync<KubeProtocolException>(async () => await server.Connection.Resources(kind, selection).Watch("1").ToList());
    }

    [Fact]
    public async Task The_list_of_an_audit_leaves_what_is_held_as_it_is()
    {
        static string List(params string[] names) => """{"metadata":{"resourceVersion":"17"},"items":[""" + string.Join(',', names.Select(
            n => $$$"""{"metadata":{"name":"{{{n}}}","resourceVersion":"7"} }""")) + "]}";
        var server = new CannedServer().Answers(List("a", "b")).Answers(List()).Answers(
            """{"type":"ADDED","object":{"metadata":{"name":"c","resourceVersion":"18"}}}""" + "\n");
        var kind = new ResourceKind<string>("", "v1", "pods", json => Encoding.UTF8.GetString(json));
        var collection = (IKubeCollection<string>)server.Connection.Resources(kind, new() { Limits = new() { MaxItems = 2 } });
        var subscription = collection.ForOneSubscription();

        await subscription.List(new ListOptions { IsHeld = true });
        await subscription.List(ListOptions.MostRecent);

        await Assert.ThrowsAsync<KubeProtocolException>(async () => await subscription.Watch("17").ToList());
    }

    [Fact]
    public void An_event_of_a_known_object_is_counted_without_an_allocation()
    {
        var held = new RetainedObjects(WireLimits.Default);
        held.Put(_a, 1);
        held.Put(_a, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            held.Put(_a, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
