using ShardedCache.Data;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>What one process may do with a key, by its ring and by what it has heard of other rings.</summary>
public sealed class ShardTests
{
    private readonly Shard _shard = new(new HybridClock(TimeProvider.System));

    [Fact]
    public void A_range_is_not_read_or_written_by_its_owner_before_it_is_complete_but_copies_are_stored()
    {
        Apply(10, "cache-0", "cache-1");
        var key = OwnedBy("cache-0", "cache-1");

        Assert.Equal(Standing.Pending, _shard.Read(key, _shard.Tag).Standing);
        Assert.Equal(Standing.Pending, _shard.StandingOfOwner(key, _shard.Tag));
        Assert.Equal((Standing.Right, null), _shard.StoreCopy(EntryOf(key, 1), _shard.Tag));

        Complete(EntryOf(key, 2, "newer"));

        var (standing, entry) = _shard.Read(key, _shard.Tag);
        Assert.Equal((Standing.Right, 2), (standing, entry!.Version.Clock));
        Assert.Equal(Standing.Right, _shard.StandingOfOwner(key, _shard.Tag));
    }

    [Fact]
    public void A_copy_replaces_only_an_older_one_and_its_sender_learns_of_a_newer_one()
    {
        Apply(10, "cache-0", "cache-1");
        Complete(EntryOf("key", 5, null));

        Assert.Equal((Standing.Right, 5L), _shard.StoreCopy(EntryOf("key", 4, "old"), _shard.Tag));
        Assert.Null(_shard.Read("key", _shard.Tag).Entry!.Value);
        Assert.Equal((Standing.Right, null), _shard.StoreCopy(EntryOf("key", 6, "new"), _shard.Tag));
        Assert.NotNull(_shard.Read("key", _shard.Tag).Entry!.Value);
    }

    [Fact]
    public void A_newer_ring_gets_the_data_and_closes_the_older_one_until_it_is_reached()
    {
        Apply(10, "cache-0", "cache-1");
        Complete(EntryOf("key", 1, "value"));
        var (old, next) = (_shard.Tag, TagOf(20, "cache-0", "cache-1", "cache-2"));

        Assert.NotEmpty(_shard.Announced(next)!.Ranges);
        Assert.Single(_shard.Copies(RangeSet.Of([KeyRange.All]), next)!);
        Assert.Equal(Standing.RingsDiffer, _shard.Read("key", old).Standing);
        Assert.Equal(Standing.RingsDiffer, _shard.StoreCopy(EntryOf("key", 2, "late"), old).Standing);
        Assert.Equal(Standing.RingsDiffer, _shard.Commit(EntryOf("key", 2, "late"), old));
        Assert.Empty(_shard.ReplicasOf("key").Replicas);

        Apply(20, "cache-0", "cache-1", "cache-2");

        Assert.Equal(next, _shard.Tag);
        Assert.False(_shard.IsBehind);
        Assert.Equal(0, _shard.State().Pending);
    }

    [Fact]
    public void An_older_ring_gets_nothing()
    {
        Apply(10, "cache-0", "cache-1");
        var old = _shard.Tag;
        Apply(20, "cache-0", "cache-1", "cache-2");

        Assert.Null(_shard.Announced(old));
        Assert.Null(_shard.Copies(RangeSet.Of([KeyRange.All]), old));
        Assert.Equal(Standing.RingsDiffer, _shard.StoreMoved([EntryOf("key", 1)], old));
        Assert.False(_shard.IsBehind);
    }

    [Theory]
    [InlineData("cache-0 cache-1 cache-3")]
    [InlineData("cache-0 cache-1")]
    public void A_process_that_has_skipped_a_ring_fetches_everything_again(string members)
    {
        Apply(10, "cache-0", "cache-1");
        Complete();
        _shard.Announced(TagOf(20, "cache-0", "cache-1", "cache-2"));

        // The ring that has come back is no change: a request says that it is newer.
        _shard.Hear(TagOf(30, members.Split(' ')));
        Apply(30, members.Split(' '));

        var state = _shard.State();
        Assert.False(state.IsBehind);
        Assert.NotEqual(0, state.Pending);
        Assert.Equal(Standing.Pending, _shard.Read(OwnedBy("cache-0", members.Split(' ')), _shard.Tag).Standing);
    }

    [Fact]
    public void What_is_fetched_for_a_ring_does_not_complete_the_next_one()
    {
        Apply(10, "cache-0", "cache-1");
        var old = _shard.Tag;
        Apply(20, "cache-0", "cache-1", "cache-2");

        _shard.Fill(RangeSet.Of([KeyRange.All]), [], old);

        Assert.NotEqual(0, _shard.State().Pending);
    }

    [Fact]
    public void What_is_not_held_is_left_over_until_it_is_dropped_and_does_not_come_back()
    {
        Apply(10, "cache-0", "cache-1");
        var key = Enumerable.Range(0, 1000).Select(i => $"key-{i}").First(key =>
            !RingOf("cache-0", "cache-1", "cache-2").ReplicasOf(key).Members.Contains(new RingMember("cache-0")));
        Complete(EntryOf(key, 1));
        Apply(20, "cache-0", "cache-1", "cache-2");

        var (_, entries) = _shard.Leftovers(10);
        Assert.Equal(key, Assert.Single(entries).Key);
        Assert.Equal(Standing.NotHeld, _shard.Read(key, _shard.Tag).Standing);

        _shard.Drop(entries, _shard.Tag);
        _shard.StoreMoved(entries, _shard.Tag);

        Assert.Empty(_shard.Leftovers(10).Entries);
    }

    private static ReplicatedRing<RingMember> RingOf(params string[] members) =>
        new(HashRing.Create(members.Select(name => new RingMember(name)), member => member.Name), 2);

    private static RingTag TagOf(int version, params string[] members) => new($"{version}", RingOf(members).Fingerprint);

    private static string OwnedBy(string member, params string[] others) => Enumerable.Range(0, 1000).Select(i => $"key-{i}")
        .First(key => RingOf([.. others.Append(member).Distinct()]).ReplicasOf(key).Members[0].Name == member);

    private static Entry EntryOf(string key, long clock, string? value = "value") =>
        new(key, value is null ? null : System.Text.Encoding.UTF8.GetBytes(value), new(clock, "cache-1"));

    private ReplicatedRing<RingMember>? _last;

    private void Apply(int version, params string[] members)
    {
        var ring = RingOf(members);
        if (_last?.Fingerprint != ring.Fingerprint)
        {
            var change = _last is null ? ring.JoinOf("cache-0") : ring.DiffFrom(_last).OwnershipOf("cache-0");
            _shard.Apply(change with { Version = $"{version}" });
        }

        _last = ring;
    }

    private void Complete(params Entry[] entries) => _shard.Fill(RangeSet.Of([KeyRange.All]), entries, _shard.Tag);
}
