using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Stores.Thing;

namespace Rx.Kube.Tests.Stores;

/// <summary>What each event gives, and what every operator owes.</summary>
public class ToStoreTests
{
    private static readonly Dictionary<char, WatchEvent<Thing>> Events = new()
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
    public void ArgumentChecking()
    {
        var source = Observable.Never<WatchEvent<Thing>>();
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ToStore<Thing>(null!));
        Assert.Throws<ArgumentNullException>(() => source.ToStore((Func<Thing, ObjectMeta>)null!));
        Assert.Throws<ArgumentNullException>(() => source.ToStore((StoreIndex<Thing>[])null!));
        Assert.Throws<ArgumentException>(() => source.ToStore(ByNode, null!));
        Assert.Throws<ArgumentNullException>(() => StoreIndex.By<Thing, string>(null!));
        Assert.Throws<ArgumentNullException>(() => StoreIndex.ByMany<Thing, string>(null!));
    }

    [Fact]
    public void EachEventGivesOneSnapshot_BookmarkAndOpenedNone()
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
    public void BeforeTheFirstList_ItIsSyncing_WhateverComes() => Expect("IRME", "abcd", new()
    {
        ['a'] = "syncing : ",
        ['b'] = "syncing : ",
        ['c'] = "syncing : a#u1@n1[]",
        ['d'] = "live 12: ",
    });

    [Fact]
    public void Never() => Expect("------", "------", []);

    [Fact]
    public void Empty() => Expect("---|", "---|", []);

    [Fact]
    public void AnErrorIsPassedOn_AndNothingElse() => Expect("L--#", "a--#", new() { ['a'] = "live 1: a#u1@[] b#u1@[]" });

    [Fact]
    public void SeveralEventsInOneFrame_AreAsManySnapshots_InOrder() => Expect("(LMD)E", "(abc)d", new()
    {
        ['a'] = "live 1: a#u1@[] b#u1@[]",
        ['b'] = "live 2: a#u1@n1[] b#u1@[]",
        ['c'] = "live 3: a#u1@n1[]",
        ['d'] = "live 12: ",
    });

    [Fact]
    public void DisposalInTheMiddle_EndsTheSource()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("L--M--D", Events);
        clock.Expect(source.ToStore().Select(s => s.Version), "^---!").ToBe("a--b", new Dictionary<char, string> { ['a'] = "1", ['b'] = "2" });
        source.ToHaveSubscriptions("^---!");
    }

    [Fact]
    public void ASecondSubscription_StartsFromNothing()
    {
        var clock = new VirtualClock();
        var store = clock.Cold("L--M|", Events).ToStore().Select(Show);
        var expected = new Dictionary<char, string> { ['a'] = "a#u1@[] b#u1@[]", ['b'] = "a#u1@n1[] b#u1@[]" };
        var (first, second) = (clock.Expect(store), clock.Expect(store, "--^"));
        first.ToBe("a--b|", expected);
        second.ToBe("--a--b|", expected);
    }

    [Fact]
    public void DisposalInsideOnNext_IsTheEnd()
    {
        var clock = new VirtualClock();
        var source = clock.Hot("L-M-D", Events);
        clock.Expect(source.ToStore().Select(s => s.Version).Take(2)).ToBe("a-(b|)", new Dictionary<char, string> { ['a'] = "1", ['b'] = "2" });
        source.ToHaveSubscriptions("^-!");
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("null metadata")]
    [InlineData("single key")]
    [InlineData("many keys")]
    [InlineData("a key of many")]
    [InlineData("null among many")]
    public void UserCodeThatThrows_IsTheErrorOfTheStream_AndEndsTheSource(string where)
    {
        var broken = new InvalidTimeZoneException();
        var expected = where switch { "null metadata" => typeof(InvalidOperationException), "null among many" => typeof(ArgumentNullException), _ => broken.GetType() };
        var index = where switch
        {
            "single key" => StoreIndex.By((Thing t) => t.Node is null ? "" : throw broken),
            "a key of many" => StoreIndex.ByMany((Thing t) => new[] { t }.Select(x => x.Node is null ? "" : throw broken)),
            "null among many" => StoreIndex.ByMany((Thing t) => t.Node is null ? [] : new string[] { null! }),
            "many keys" => StoreIndex.ByMany((Thing t) => t.Node is null ? Enumerable.Empty<string>() : throw broken),
            _ => ByNode,
        };
        ObjectMeta Metadata(Thing t) => where switch
        {
            "metadata" when t.Node is not null => throw broken,
            "null metadata" when t.Node is not null => null!,
            _ => t.Metadata,
        };
        using var source = new Subject<WatchEvent<Thing>>();
        var seen = new List<Notification<ResourceStore<Thing>>>();
        using var subscription = source.ToStore(Metadata, index).Materialize().Subscribe(seen.Add);

        source.OnNext(Events['L']);
        source.OnNext(Events['M']);

        Assert.Equal([NotificationKind.OnNext, NotificationKind.OnError], seen.Select(n => n.Kind));
        Assert.IsType(expected, seen[1].Exception);
        Assert.False(source.HasObservers);
    }

    [Fact]
    public void AnExceptionOfTheSubscriber_IsNotMadeAnErrorOfTheStream()
    {
        using var source = new Subject<WatchEvent<Thing>>();
        Exception? error = null;
        using var subscription = source.ToStore().Subscribe(_ => throw new InvalidTimeZoneException(), e => error = e);
        Assert.Throws<InvalidTimeZoneException>(() => source.OnNext(Events['L']));
        Assert.Null(error);
    }

    [Fact]
    public void Interrupted_SaysWhy_BeforeAndAfterTheFirstList()
    {
        var snapshots = Fold(Interrupted(), Listed("1"), Interrupted());
        Assert.Equal(Topology.TopologyTestData.Interruption, Assert.IsType<Freshness.Syncing>(snapshots[0].Freshness).Interruption);
        Assert.Equal(Topology.TopologyTestData.Interruption, Assert.IsType<Freshness.Stale>(snapshots[2].Freshness).Interruption);
    }

    [Fact]
    public void Skipped_KeepsTheLastGoodState_UntilAGoodEventOrTheDeletion()
    {
        var snapshots = Fold(
            Listed("1", Named("a")), Skipped("2", "a"), Skipped("3", "x"), Modified("4", Named("a", "n1")), Deleted("5", Named("x")),
            Skipped("6", "a", isDeletion: true));
        Assert.Equal(["a#u1@[]", "a#u1@[]", "a#u1@[]", "a#u1@n1[]", "a#u1@n1[]", ""], snapshots.Select(Show));
        Assert.Equal(["", "a", "a x", "x", "", ""], snapshots.Select(s => string.Join(' ', s.Skipped.Select(o => o.Name))));
    }

    [Fact]
    public void SkippedInAList_KeepsTheStateBeforeOfThatObjectOnly()
    {
        var snapshots = Fold(
            Listed("1", Named("a", "n1"), Named("b", "n2")), Skipped("2", "a"), ListedWithSkipped("9", "b"), Listed("10", Named("b")));
        Assert.Equal(["b#u1@n2[]", "b#u1@[]"], snapshots.Skip(2).Select(Show));
        Assert.Equal(["b", ""], snapshots.Skip(2).Select(s => string.Join(' ', s.Skipped.Select(o => o.Name))));
        Assert.Equal("n2", Assert.Single(snapshots[2].By(ByNode)).Key);
    }

    [Fact]
    public void WhatDidNotChange_IsTheSameObject_AlsoAfterAnotherList()
    {
        var (a, b) = (Named("a", version: "1"), Named("b", version: "1"));
        var snapshots = Fold(Listed("1", a, b), Modified("2", a with { }), Listed("5", a with { }, Named("b", version: "4")));
        Assert.All(snapshots, s => Assert.Same(a, s[a.Key]));
        Assert.True(snapshots[2].Equals(snapshots[0]), "another resourceVersion is no other content");
        Assert.Equal("4", snapshots[2][b.Key].Metadata.ResourceVersion); // but who writes it back needs it
    }

    [Fact]
    public void OtherTypes_ComeWithAFunctionForTheirMetadata()
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

    // One character per event; what is expected is a snapshot in words per character.
    private static void Expect(string source, string expected, Dictionary<char, string> snapshots)
    {
        var clock = new VirtualClock();
        clock.Expect(clock.Hot(source, Events).ToStore().Select(Text), "^ 1s !").ToBe(expected, snapshots);

        static string Text(ResourceStore<Thing> s) =>
            $"{s.Freshness} {s.Version}: {Show(s)}{(s.Skipped.IsEmpty ? "" : " skipped " + string.Join(' ', s.Skipped.Select(o => o.Name)))}";
    }
}
