using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

/// <summary>What each event gives, and how errors, disposal and resubscription behave.</summary>
public class ToStoreTests
{
    private static readonly Dictionary<char, WatchEvent<FakeResource>> Events = new()
    {
        ['L'] = Listed("1", Named("a"), Named("b")),
        ['M'] = Modified("2", Named("a", "n1")),
        ['D'] = Deleted("3", Named("b")),
        ['B'] = Bookmark("9"),
        ['O'] = Opened(),
        ['I'] = Interrupted(),
        ['R'] = Resumed(),
        ['E'] = Listed("12"),
        ['S'] = Skipped("4", "a"),
    };

    [Fact]
    public void Null_arguments_are_refused()
    {
        var source = Observable.Never<WatchEvent<FakeResource>>();
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ToStore<FakeResource>(null!));
        Assert.Throws<ArgumentNullException>(() => source.ToStore((Func<FakeResource, ObjectMeta>)null!));
        Assert.Throws<ArgumentNullException>(() => source.ToStore((StoreIndex<FakeResource>[])null!));
        Assert.Throws<ArgumentException>(() => source.ToStore(ByNode, null!));
        Assert.Throws<ArgumentNullException>(() => StoreIndex.By<FakeResource, string>(null!));
        Assert.Throws<ArgumentNullException>(() => StoreIndex.ByMany<FakeResource, string>(null!));
    }

    [Fact]
    public void Each_event_gives_one_snapshot_except_bookmarks_and_opened()
    {
        Expect("LOMBIRDSE|", "a-b-cdefg|", new()
        {
            ['a'] = "live 1: a#u1@[] b#u1@[]",
            ['b'] = "live 2: a#u1@n1[] b#u1@[]",
            ['c'] = "stale 9: a#u1@n1[] b#u1@[]",
            ['d'] = "live 9: a#u1@n1[] b#u1@[]",
            ['e'] = "live 9: a#u1@n1[]", // a deletion may come with an older version
            ['f'] = "live 9: a#u1@n1[] skipped a",
            ['g'] = "live 12: ",
        });
    }

    [Fact]
    public void The_store_is_syncing_until_the_first_list() => Expect("IRME", "abcd", new()
    {
        ['a'] = "syncing : ",
        ['b'] = "syncing : ",
        ['c'] = "syncing : a#u1@n1[]",
        ['d'] = "live 12: ",
    });

    [Fact]
    public void A_silent_source_gives_no_snapshot() => Expect("------", "------", []);

    [Fact]
    public void An_empty_source_completes() => Expect("---|", "---|", []);

    [Fact]
    public void An_error_is_passed_on() => Expect("L--#", "a--#", new() { ['a'] = "live 1: a#u1@[] b#u1@[]" });

    [Fact]
    public void Several_events_in_one_frame_give_as_many_snapshots_in_order() => Expect("(LMD)E", "(abc)d", new()
    {
        ['a'] = "live 1: a#u1@[] b#u1@[]",
        ['b'] = "live 2: a#u1@n1[] b#u1@[]",
        ['c'] = "live 3: a#u1@n1[]",
        ['d'] = "live 12: ",
    });

    [Fact]
    public void Disposal_unsubscribes_from_the_source()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("L--M--D", Events);
        clock.Expect(source.ToStore().Select(s => s.Version), "^---!")
            .ToBe("a--b", new Dictionary<char, string> { ['a'] = "1", ['b'] = "2" });
        source.ToHaveSubscriptions("^---!");
    }

    [Fact]
    public void A_second_subscription_starts_from_nothing()
    {
        var clock = new VirtualClock();
        var store = clock.Cold("L--M|", Events).ToStore().Select(Show);
        var expected = new Dictionary<char, string> { ['a'] = "a#u1@[] b#u1@[]", ['b'] = "a#u1@n1[] b#u1@[]" };
        var (first, second) = (clock.Expect(store), clock.Expect(store, "--^"));
        first.ToBe("a--b|", expected);
        second.ToBe("--a--b|", expected);
    }

    [Fact]
    public void Disposal_inside_OnNext_unsubscribes_from_the_source()
    {
        var clock = new VirtualClock();
        var source = clock.Hot("L-M-D", Events);
        clock.Expect(source.ToStore().Select(s => s.Version).Take(2))
            .ToBe("a-(b|)", new Dictionary<char, string> { ['a'] = "1", ['b'] = "2" });
        source.ToHaveSubscriptions("^-!");
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("null metadata")]
    [InlineData("single key")]
    [InlineData("many keys")]
    [InlineData("a key of many")]
    [InlineData("null among many")]
    public void An_exception_of_a_delegate_is_the_error_of_the_stream_and_unsubscribes_from_the_source(string where)
    {
        var broken = new InvalidTimeZoneException();
        var expected = where switch
        {
            "null metadata" => typeof(InvalidOperationException),
            "null among many" => typeof(ArgumentNullException),
            _ => broken.GetType(),
        };
        var index = where switch
        {
            "single key" => StoreIndex.By((FakeResource t) => t.Node is null ? "" : throw broken),
            "a key of many" => StoreIndex.ByMany((FakeResource t) => new[] { t }.Select(x => x.Node is null ? "" : throw broken)),
            "null among many" => StoreIndex.ByMany((FakeResource t) => t.Node is null ? [] : new string[] { null! }),
            "many keys" => StoreIndex.ByMany((FakeResource t) => t.Node is null ? Enumerable.Empty<string>() : throw broken),
            _ => ByNode,
        };
        ObjectMeta Metadata(FakeResource t) => where switch
        {
            "metadata" when t.Node is not null => throw broken,
            "null metadata" when t.Node is not null => null!,
            _ => t.Metadata,
        };
        using var source = new Subject<WatchEvent<FakeResource>>();
        var seen = new List<Notification<ResourceStore<FakeResource>>>();
        using var subscription = source.ToStore(Metadata, index).Materialize().Subscribe(seen.Add);

        source.OnNext(Events['L']);
        source.OnNext(Events['M']);

        Assert.Equal([NotificationKind.OnNext, NotificationKind.OnError], seen.Select(n => n.Kind));
        Assert.IsType(expected, seen[1].Exception);
        Assert.False(source.HasObservers);
    }

    [Fact]
    public void An_exception_of_the_subscriber_is_not_an_error_of_the_stream()
    {
        using var source = new Subject<WatchEvent<FakeResource>>();
        Exception? error = null;
        using var subscription = source.ToStore().Subscribe(_ => throw new InvalidTimeZoneException(), e => error = e);
        Assert.Throws<InvalidTimeZoneException>(() => source.OnNext(Events['L']));
        Assert.Null(error);
    }

    [Fact]
    public void The_freshness_has_the_cause_of_an_interruption_before_and_after_the_first_list()
    {
        var snapshots = Fold(Interrupted(), Listed("1"), Interrupted());
        Assert.Equal(Topology.TopologyTestData.Interruption, Assert.IsType<Freshness.Syncing>(snapshots[0].Freshness).Interruption);
        Assert.Equal(Topology.TopologyTestData.Interruption, Assert.IsType<Freshness.Stale>(snapshots[2].Freshness).Interruption);
    }

    [Fact]
    public void A_skipped_object_keeps_its_last_good_state_until_a_good_event_or_its_deletion()
    {
        var snapshots = Fold(
            Listed("1", Named("a")), Skipped("2", "a"), Skipped("3", "x"), Modified("4", Named("a", "n1")), Deleted("5", Named("x")),
            Skipped("6", "a", isDeletion: true));
        Assert.Equal(["a#u1@[]", "a#u1@[]", "a#u1@[]", "a#u1@n1[]", "a#u1@n1[]", ""], snapshots.Select(Show));
        Assert.Equal(["", "a", "a x", "x", "", ""], snapshots.Select(s => string.Join(' ', s.Skipped.Select(o => o.Name))));
    }

    [Fact]
    public void An_object_skipped_in_a_list_keeps_its_earlier_state()
    {
        var snapshots = Fold(
            Listed("1", Named("a", "n1"), Named("b", "n2")), Skipped("2", "a"), ListedWithSkipped("9", "b"), Listed("10", Named("b")));
        Assert.Equal(["b#u1@n2[]", "b#u1@[]"], snapshots.Skip(2).Select(Show));
        Assert.Equal(["b", ""], snapshots.Skip(2).Select(s => string.Join(' ', s.Skipped.Select(o => o.Name))));
        Assert.Equal("n2", Assert.Single(snapshots[2].By(ByNode)).Key);
    }

    [Fact]
    public void An_unchanged_object_stays_the_same_reference_even_after_a_new_list()
    {
        var (a, b) = (Named("a", version: "1"), Named("b", version: "1"));
        var snapshots = Fold(Listed("1", a, b), Modified("2", a with { }), Listed("5", a with { }, Named("b", version: "4")));
        Assert.All(snapshots, s => Assert.Same(a, s[a.Key]));
        Assert.True(snapshots[2].Equals(snapshots[0]), "another resourceVersion is not another content");
        Assert.Equal("4", snapshots[2][b.Key].Metadata.ResourceVersion); // but writing it back needs it
    }

    [Fact]
    public void Other_types_work_with_a_metadata_function()
    {
        var events = new WatchEvent<(string Name, int Size)>[]
        {
            new WatchEvent<(string Name, int Size)>.Listed([("a", 1), ("b", 2)], "1"),
            new WatchEvent<(string Name, int Size)>.Modified(("a", 3), "2"),
        };
        var last = events.ToObservable().ToStore(t => new ObjectMeta { Name = t.Name }).Wait();
        Assert.Equal([("a", 3), ("b", 2)], last.Values);
        Assert.Equal("a", Assert.Single(last.Keys, k => k == new ResourceKey("a")).ToString());
    }

    // One character stands for an event, or for the text of the expected snapshot.
    private static void Expect(string source, string expected, Dictionary<char, string> snapshots)
    {
        var clock = new VirtualClock();
        clock.Expect(clock.Hot(source, Events).ToStore().Select(Text), "^ 1s !").ToBe(expected, snapshots);

        static string Text(ResourceStore<FakeResource> s) =>
            $"{s.Freshness} {s.Version}: {Show(s)}" +
            (s.Skipped.IsEmpty ? "" : $" skipped {string.Join(' ', s.Skipped.Select(o => o.Name))}");
    }
}
