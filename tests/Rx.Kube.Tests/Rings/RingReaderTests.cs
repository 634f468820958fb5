using System.Globalization;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Rings;

/// <summary>Readers of the newest view, while members join and leave: each lookup is of one whole ring, and waits for none.</summary>
public sealed class RingReaderTests
{
    private const int Versions = 400;
    private const int Readers = 2;
    private static readonly KeyHash[] _keys = [.. Enumerable.Range(0, 256).Select(i => KeyHash.Of($"user-{i}"))];
    private static readonly string[][] _members = Histories();

    // Rings that share nothing with those before.
    private static readonly string[][] _owners =
        [.. _members.Select(names => Owners(HashRing.Create(names.Select(name => new RingMember(name)), member => member.Name)))];

    [Fact]
    public void A_view_that_is_kept_keeps_its_owners_through_all_later_changes()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var views = new List<RingView>();
        using var subscription = source.ToTopology().ToRingView().Subscribe(views.Add);
        for (var version = 0; version < Versions; version++)
        {
            source.OnNext(EventOf(version));
        }

        Assert.Equal(Versions, views.Count);
        Assert.All(views, (view, version) => Assert.Equal(_owners[version], Owners(view.Ring)));
    }

    [Fact]
    public async Task Lookups_on_other_threads_during_a_change_are_all_of_the_ring_before_it_or_all_of_the_ring_after_it()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var newest = source.ToTopology().ToRingView().ToCurrentValue();
        source.OnNext(EventOf(0));

        // A reader whose check fails leaves, so that the others can end.
        using var begin = new Barrier(1 + Readers);
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (var version = 1; version < Versions; version++)
                    {
                        begin.SignalAndWait();
                        var view = newest.Required;
                        var seen = int.Parse(view.Version, CultureInfo.InvariantCulture);
                        Assert.InRange(seen, version - 1, version);
                        for (var more = 50; more >= 0; more = ReferenceEquals(view, newest.Required) ? more - 1 : Math.Min(more - 1, 0))
                        {
                            Assert.True(_owners[seen].SequenceEqual(Owners(view.Ring)), $"the owners are not those of version {seen}");
                        }
                    }
                }
                finally
                {
                    begin.RemoveParticipant();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        for (var version = 1; version < Versions; version++)
        {
            begin.SignalAndWait();
            source.OnNext(EventOf(version));
        }

        begin.RemoveParticipant();
        await Task.WhenAll(readers);
        Assert.Equal(_owners[^1], Owners(newest.Required.Ring));
    }

    private static string[] Owners(HashRing<RingMember> ring) =>
        [.. _keys.Select(key => ring.TryGetOwner(key, out var owner) ? owner.Name : "")];

    private static WatchEvent<EndpointSlice> EventOf(int version)
    {
        var slice = Slice("a", [.. _members[version].Select(name => Pod(name, $"10.0.0.{name["cache-".Length..]}"))]);
        var text = version.ToString(CultureInfo.InvariantCulture);
        return version == 0 ? Listed(text, slice) : Modified(text, slice);
    }

    // One of sixty members joins or leaves with each version.
    private static string[][] Histories()
    {
        var random = new Random(1);
        var here = Enumerable.Range(0, 30).ToHashSet();
        return
        [
            .. Enumerable.Range(0, Versions).Select(_ =>
            {
                var who = random.Next(60);
                here.SymmetricExceptWith([who]);
                return here.Order().Select(i => $"cache-{i}").ToArray();
            }),
        ];
    }
}
