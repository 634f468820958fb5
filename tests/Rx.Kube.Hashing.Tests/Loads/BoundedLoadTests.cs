using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Loads;

public sealed class BoundedLoadTests
{
    [Fact]
    public void A_request_goes_to_the_first_replica_whose_load_stays_within_the_bound()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, millionths) = (new Random(seed), new[] { 1, 100_000, 250_000, 2_000_000 }[seed % 4]);
            Node[] nodes = [.. Nodes(random.Next(1, 20)).Select(node => node with { Weight = random.Next(1, 4) })];
            var (ring, loads, inFlight) = (Of(nodes), nodes.ToDictionary(node => node, _ => 0L), new List<Node>());
            var bounded = new BoundedLoad<Node>(ring, millionths / 1e6);
            var weights = nodes.Sum(node => node.Weight);
            for (var step = 0; step < 400; step++)
            {
                if (inFlight.Count > 0 && random.Next(3) == 0)
                {
                    var ended = inFlight[random.Next(inFlight.Count)];
                    inFlight.Remove(ended);
                    loads[ended]--;
                    bounded.Release(ended);
                }
                else
                {
                    // Few keys, so that some are hot.
                    KeyHash key = (long)random.Next(1 + (seed * 2));
                    long Most(Node node) =>
                        (((1_000_000L + millionths) * (inFlight.Count + 1) * node.Weight) + (1_000_000L * weights) - 1)
                        / (1_000_000L * weights);
                    var expected = Replicas(ring, key).First(node => loads[node] + 1 <= Most(node));
                    Assert.True(bounded.TryAcquire(key, out var owner));
                    Assert.True(expected == owner, $"seed {seed}, step {step}: {expected} expected, {owner} found");
                    inFlight.Add(owner);
                    loads[owner]++;
                }

                Assert.All(nodes, node => Assert.Equal(loads[node], bounded.LoadOf(node)));
            }
        }
    }

    [Fact]
    public void Keys_stay_with_their_owners_while_loads_are_even_and_one_hot_key_spreads_over_as_many_as_it_needs()
    {
        var (even, hot) = (new BoundedLoad<Node>(Of(Nodes(10)), epsilon: 1000), new BoundedLoad<Node>(Of(Nodes(10))));
        for (var key = 0L; key < 500; key++)
        {
            Assert.True(even.TryAcquire(key, out var owner));
            Assert.Equal(OwnerOf(even.Ring, key), owner);
            Assert.True(hot.TryAcquire("hot", out _));
        }

        var replicas = Replicas(hot.Ring, "hot");
        Assert.All(replicas, node => Assert.InRange(hot.LoadOf(node), 0, 63));
        Assert.Equal(500, replicas.Sum(hot.LoadOf));
        Assert.Equal(63, hot.LoadOf(replicas[0]));
        Assert.Equal(0, hot.LoadOf(replicas[9]));
    }

    [Fact]
    public void Without_members_nothing_is_acquired()
    {
        var bounded = new BoundedLoad<Node>(Of());
        Assert.False(bounded.TryAcquire("a", out var owner));
        Assert.Null(owner);
        bounded.Ring = Of(Nodes(1));
        Assert.True(bounded.TryAcquire("a", out _));
    }

    [Fact]
    public void A_request_that_was_not_acquired_cannot_be_released()
    {
        var bounded = new BoundedLoad<Node>(Of(Nodes(2)));
        Assert.Contains("node-0", Assert.Throws<InvalidOperationException>(() => bounded.Release(new("node-0"))).Message);
        Assert.Throws<InvalidOperationException>(() => bounded.Release(new("stranger")));
        Assert.True(bounded.TryAcquire("a", out var owner));
        bounded.Release(new Node(owner.Name, Address: "another"));
        Assert.Throws<InvalidOperationException>(() => bounded.Release(owner));
        Assert.Equal(0, bounded.LoadOf(owner));
        Assert.Equal(0, bounded.LoadOf(new("stranger")));
    }

    [Fact]
    public void A_bound_out_of_range_is_refused()
    {
        foreach (var epsilon in new[] { 0, -0.25, 0.0000001, double.NaN, double.PositiveInfinity, 1001 })
        {
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new BoundedLoad<Node>(Of(), epsilon));
        }

        Assert.Throws<ArgumentNullException>(() => new BoundedLoad<Node>(null!));
        Assert.Throws<ArgumentNullException>(() => new BoundedLoad<Node>(Of()).Ring = null!);
    }

    [Fact]
    public void On_another_ring_a_member_that_stays_keeps_its_load_and_the_load_of_one_that_left_counts_only_when_it_returns()
    {
        var (all, bounded) = (Of(Nodes(3)), new BoundedLoad<Node>(Of(Nodes(3)), 0.000001));
        AssertFollowsTheBound(bounded, 30);
        var (gone, load) = (new Node("node-1"), bounded.LoadOf(new Node("node-1")));
        Assert.InRange(load, 9, 11);

        bounded.Ring = all.Without(gone);
        AssertFollowsTheBound(bounded, 10);
        Assert.Equal(load, bounded.LoadOf(gone));
        bounded.Release(gone);
        Assert.Equal(load - 1, bounded.LoadOf(gone));
        AssertFollowsTheBound(bounded, 10);

        // It has less load than the others now, so that it gets most of the next requests.
        bounded.Ring = all;
        AssertFollowsTheBound(bounded, 20);
        Assert.InRange(bounded.LoadOf(gone), 20, 24);

        bounded.Ring = all.Without(gone);
        while (bounded.LoadOf(gone) > 0)
        {
            bounded.Release(gone);
        }

        Assert.Throws<InvalidOperationException>(() => bounded.Release(gone));
        bounded.Ring = all;
        AssertFollowsTheBound(bounded, 30);
    }

    [Fact]
    public void Requests_that_end_and_members_that_leave_during_a_choice_are_not_counted()
    {
        var (one, other, meanwhile) = (new Node("one"), new Node("other"), (Action?)null);
        string HashKey(Node node)
        {
            var run = meanwhile;
            meanwhile = null;
            run?.Invoke();
            return node.Name;
        }

        var ring = HashRing.Create([one, other], HashKey);
        foreach (var leaves in new[] { false, true })
        {
            var bounded = new BoundedLoad<Node>(ring, 0.000001);
            for (var i = 0; i < 11; i++)
            {
                Assert.True(bounded.TryAcquire("hot", out _));
            }

            // Seven of twelve would be within the bound, but not seven of eight.
            var (owner, spare) = OwnerOf(ring, "hot") == one ? (one, other) : (other, one);
            Assert.Equal((6, 5), (bounded.LoadOf(owner), bounded.LoadOf(spare)));
            meanwhile = () =>
            {
                for (var i = 0; i < 4 && !leaves; i++)
                {
                    bounded.Release(spare);
                }

                bounded.Ring = leaves ? ring.Without(owner) : bounded.Ring;
            };
            Assert.True(bounded.TryAcquire("hot", out var found));
            Assert.Equal(spare, found);
        }
    }

    [Fact]
    public void Many_threads_never_exceed_the_bound_and_lose_no_count()
    {
        const int threads = 4;
        const int always = 36;
        var bounded = new BoundedLoad<Node>(Of(Nodes(4)), 0.000001);
        var held = Take(bounded, always);
        var counts = Nodes(4).ToDictionary(node => node.Name, node => new long[] { bounded.LoadOf(node) });

        // Between 36 and 40 requests are in flight: with 40, and the smallest ε, no member may have more than 11.
        var most = 0L;
        Race(threads, thread =>
        {
            for (var step = 0; step < 3000; step++)
            {
                Assert.True(bounded.TryAcquire((long)(step % 3), out var owner));
                var now = Interlocked.Increment(ref counts[owner.Name][0]);
                for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                {
                    Interlocked.CompareExchange(ref most, now, seen);
                }

                Interlocked.Decrement(ref counts[owner.Name][0]);
                bounded.Release(owner);
            }
        });

        Assert.InRange(most, 10, 11);
        Assert.All(Nodes(4), node => Assert.Equal(counts[node.Name][0], bounded.LoadOf(node)));
        AssertExact(bounded, held);
    }

    [Fact]
    public void Rings_may_be_swapped_while_threads_acquire_and_release_and_no_count_is_lost()
    {
        var (all, stop) = (Of(Nodes(6)), false);
        var bounded = new BoundedLoad<Node>(all, 0.000001);
        var held = Take(bounded, 12);
        Race(4, thread =>
        {
            if (thread == 0)
            {
                for (var step = 0; step < 2000; step++)
                {
                    bounded.Ring = step % 3 == 0 ? all : all.Without(new Node($"node-{step % 6}")).Without(new Node($"node-{step % 5}"));
                }

                bounded.Ring = all;
                Volatile.Write(ref stop, true);
                return;
            }

            var mine = new Queue<Node>();
            for (var step = 0; step < 3000 || (step < 1_000_000 && !Volatile.Read(ref stop)); step++)
            {
                Assert.True(bounded.TryAcquire((long)(step % 50), out var owner));
                mine.Enqueue(owner);
                if (mine.Count > 3)
                {
                    bounded.Release(mine.Dequeue());
                }
            }

            while (mine.TryDequeue(out var owner))
            {
                bounded.Release(owner);
            }
        });

        AssertExact(bounded, held);
    }

    [Fact]
    public void Acquiring_and_releasing_allocates_nothing()
    {
        var bounded = new BoundedLoad<Node>(Of(Nodes(50)), 0.1);
        void Ask()
        {
            for (var run = 0; run < 100; run++)
            {
                bounded.TryAcquire("hot", out var owner);
                bounded.TryAcquire("hot", out var other);
                bounded.TryAcquire("hot", out var third);
                bounded.Release(owner!);
                bounded.Release(other!);
                bounded.Release(third!);
            }
        }

        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<Node> Take(BoundedLoad<Node> bounded, int count)
    {
        var taken = new List<Node>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(bounded.TryAcquire((long)i, out var owner));
            taken.Add(owner);
        }

        return taken;
    }

    // A wrong total would give room to too many requests, or to none.
    private static void AssertExact(BoundedLoad<Node> bounded, List<Node> held)
    {
        AssertFollowsTheBound(bounded, 20);
        Assert.Equal(held.Count + 20, bounded.Ring.Members.Sum(bounded.LoadOf));
        held.ForEach(bounded.Release);
        AssertFollowsTheBound(bounded, 20);
    }

    // With the smallest ε.
    private static void AssertFollowsTheBound(BoundedLoad<Node> bounded, int count)
    {
        var nodes = bounded.Ring.Members;
        for (var i = 0; i < count; i++)
        {
            var most = ((nodes.Sum(bounded.LoadOf) + 1) / nodes.Length) + 1;
            var expected = Replicas(bounded.Ring, "hot").First(node => bounded.LoadOf(node) + 1 <= most);
            Assert.True(bounded.TryAcquire("hot", out var owner));
            Assert.True(expected == owner, $"{i}: {expected} expected, {owner} found; {string.Join(", ", nodes.Select(bounded.LoadOf))}");
        }
    }

    private static void Race(int threads, Action<int> run)
    {
        var failures = new Exception?[threads];
        var all = Enumerable.Range(0, threads).Select(number => new Thread(() => failures[number] = Record.Exception(() => run(number))))
            .ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        Assert.All(failures, Assert.Null);
    }
}
