using FsCheck;
using FsCheck.Fluent;

namespace Rx.Kube.Tests.Topology;

/// <summary>The tree of endpoints, compared with a sorted list. A failure prints its seed, which is the whole input.</summary>
public class EndpointTreeTests
{
    [Fact]
    public void The_tree_equals_a_sorted_list_and_old_versions_do_not_change() => ForEverySeed(15, seed =>
    {
        var random = new Random(seed);
        var (tree, list) = (EndpointTree.Empty, new SortedDictionary<string, TopologyEndpoint>(StringComparer.Ordinal));
        var versions = new List<(EndpointTree Tree, TopologyEndpoint[] Content)>();
        for (var step = 0; step < 20; step++)
        {
            tree = Change(random, tree, list, most: random.Next(4) == 0 ? 400 : 4);
            versions.Add((tree, [.. list.Values]));
        }

        Assert.All(versions, v => IsLike(v.Content, v.Tree));
        foreach (var (x, y) in versions.Zip(versions.Skip(1)).Concat(versions.Zip(versions.AsEnumerable().Reverse())))
        {
            var mine = x.Content.Except(y.Content);
            var others = y.Content.Except(x.Content);
            var differences = x.Tree.Differences(y.Tree).ToList();
            Assert.Equal(mine, differences.Where(d => d.Mine is not null).Select(d => d.Mine!));
            Assert.Equal(others, differences.Where(d => d.Other is not null).Select(d => d.Other!));
            Assert.Equal(differences.Count == 0, x.Tree.SameAs(y.Tree));
            var sameMembers = x.Content.Select(e => e.Member).Distinct().SequenceEqual(y.Content.Select(e => e.Member).Distinct());
            Assert.Equal(sameMembers, new MemberSet(x.Tree, new object()).Equals(new MemberSet(y.Tree, new object())));
        }
    });

    [Fact]
    public void Equal_endpoints_that_are_two_objects_differ_only_when_provenance_counts()
    {
        var (p, q, moved) = (Endpoint("p", 4), Endpoint("q", 4), Endpoint("p", 4) with { Slice = "t" });
        var (before, now) = (EndpointTree.Of([p, q]), EndpointTree.Of([moved, q]));
        Assert.Empty(before.Differences(now));
        var (mine, other) = Assert.Single(before.Differences(now, byContent: false));
        Assert.Same(p, mine);
        Assert.Same(moved, other);
    }

    [Fact]
    public void Growing_and_shrinking_one_by_one_keeps_the_tree_flat()
    {
        var random = new Random(1);
        TopologyEndpoint[] all = [.. Enumerable.Range(0, 20_000).Select(i => Endpoint($"p{i:d5}", 4))];
        var tree = EndpointTree.Empty;
        random.Shuffle(all);
        foreach (var endpoint in all)
        {
            tree = tree.Apply([], [endpoint]);
        }

        Assert.InRange(Height(tree), 3, 4);
        foreach (var endpoint in all.Skip(100))
        {
            tree = tree.Apply([endpoint], []);
        }

        Assert.Equal(100, tree.Count);
        Assert.InRange(Height(tree), 1, 2);
    }

    [Theory]
    [InlineData(17, 1)]
    [InlineData(9, 1)]
    [InlineData(24, 7)]
    [InlineData(1000, 1)]
    public void After_even_removal_no_node_stays_nearly_empty(int oneOf, int atOnce)
    {
        TopologyEndpoint[] all = [.. Enumerable.Range(0, 20_000).Select(i => Endpoint($"p{i:d5}", 4))];
        var tree = EndpointTree.Of(all);
        foreach (var gone in all.Where((_, i) => i % oneOf != 0).Chunk(atOnce))
        {
            tree = tree.Apply([.. gone], []);
        }

        Assert.Equal(all.Where((_, i) => i % oneOf == 0), new EndpointList(tree, EndpointView.All).AsEnumerable());
        Assert.InRange(Nodes(tree.Root!), 1, (tree.Count / 6) + 2);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void A_change_allocates_in_proportion_to_the_height(int endpoints)
    {
        var tree = EndpointTree.Of([.. Enumerable.Range(0, endpoints).Select(i => Endpoint($"p{i:d6}", 4))]);
        var (was, now) = (tree.Of($"p{endpoints / 2:d6}")[0], Endpoint($"p{endpoints / 2:d6}", 4) with { Ready = false });
        List<TopologyEndpoint> gone = [was], added = [now];
        tree.Apply(gone, added);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var changed = tree.Apply(gone, added);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 1, endpoints == 100 ? 1_500 : 3_000);
        Assert.Single(changed.Differences(tree));
    }

    [Fact]
    public void Trees_whose_replacements_are_logged_equal_those_that_are_made_at_once() => ForEverySeed(8, seed =>
    {
        var random = new Random(seed);
        TopologyEndpoint[] all = [.. Enumerable.Range(0, 2000).Select(i => Endpoint($"p{i:d4}", 4))];
        var versions = new List<(EndpointTree Tree, TopologyEndpoint[] Content)> { (EndpointTree.Of(all), all) };
        for (var step = 0; step < 150; step++)
        {
            // Mostly on the newest tree; sometimes on an older one, which then has two next ones.
            var (before, content) = versions[random.Next(10) == 0 ? random.Next(versions.Count) : ^1];
            content = [.. content];
            List<TopologyEndpoint> gone = [], added = [];
            foreach (var place in Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(2000)).Distinct())
            {
                gone.Add(content[place]);
                added.Add(content[place] = content[place] with { Ready = random.Next(2) == 0, Serving = true, Terminating = true });
            }

            versions.Add((before.Apply(gone, added), content));
            if (random.Next(5) == 0)
            {
                IsEqual(versions[random.Next(versions.Count)]);
            }
        }

        foreach (var version in versions)
        {
            IsEqual(version);
        }

        for (var i = 0; i < 50; i++)
        {
            var (x, y) = (versions[random.Next(versions.Count)], versions[random.Next(versions.Count)]);
            var expected = x.Content.Zip(y.Content).Where(e => !ReferenceEquals(e.First, e.Second))
                .Select(e => ((object?)e.First, (object?)e.Second));
            Assert.Equal(expected, x.Tree.Differences(y.Tree, byContent: false).Select(d => ((object?)d.Mine, (object?)d.Other)));
            Assert.Equal(x.Content.SequenceEqual(y.Content), x.Tree.SameAs(y.Tree));
        }

        static void IsEqual((EndpointTree Tree, TopologyEndpoint[] Content) version)
        {
            foreach (var view in Enum.GetValues<EndpointView>())
            {
                Assert.Equal(version.Content.Count(e => e.IsIn(view)), version.Tree.CountOf(view));
                Assert.Equal(version.Tree.CountOf(view), version.Tree.Root!.CountOf(view));
            }

            Assert.True(new EndpointList(version.Tree, EndpointView.All).Zip(version.Content).All(e => ReferenceEquals(e.First, e.Second)));
        }
    });

    [Fact]
    public void A_replacement_that_is_not_read_copies_no_path()
    {
        TopologyEndpoint[] all = [.. Enumerable.Range(0, 100_000).Select(i => Endpoint($"p{i:d6}", 4))];
        TopologyEndpoint[] now = [.. all.Select(e => e with { Ready = false })];
        var tree = EndpointTree.Of(all);
        List<TopologyEndpoint> gone = [], added = [];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 4000; i++)
        {
            gone.Clear();
            added.Clear();
            gone.Add(all[i * 7919L % all.Length]);
            added.Add(now[i * 7919L % all.Length]);
            tree = tree.Apply(gone, added);
        }

        // With the path it would be 1,400 for each.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 4000, 1, 520);
        Assert.Equal(96_000, tree.CountOf(EndpointView.Ready));
    }

    private static EndpointTree Change(Random random, EndpointTree tree, SortedDictionary<string, TopologyEndpoint> list, int most)
    {
        var (gone, added) = (new List<TopologyEndpoint>(), new List<TopologyEndpoint>());
        foreach (var number in Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(600)).Distinct())
        {
            foreach (var family in (int[])[4, 6])
            {
                var key = $"p{number:d3}/{family}";
                if (list.Remove(key, out var old))
                {
                    gone.Add(old);
                }

                if (random.Next(3) > (tree.Count > 500 ? 1 : 0))
                {
                    added.Add(list[key] = Endpoint($"p{number:d3}", family) with
                    {
                        Ready = random.Next(2) == 0,
                        Serving = random.Next(2) == 0,
                        Terminating = random.Next(2) == 0,
                    });
                }
            }
        }

        return tree.Apply(gone, added);
    }

    private static void IsLike(TopologyEndpoint[] content, EndpointTree tree)
    {
        foreach (var view in Enum.GetValues<EndpointView>())
        {
            var expected = content.Where(e => e.IsIn(view)).ToArray();
            var list = new EndpointList(tree, view);
            Assert.Equal(expected, list.AsEnumerable());
            Assert.Equal(expected.Length, list.Count);
            Assert.Equal(expected, Enumerable.Range(0, list.Count).Select(i => list[i]));
            Assert.Throws<ArgumentOutOfRangeException>(() => list[list.Count]);
            Assert.Equal(expected.Where(e => e.Member == "p100"), list.Of("p100"));
        }

        Assert.All(content, e => Assert.Same(e, tree.At(e with { Ready = !e.Ready })));
        Assert.All((string[])["", "p1000", "q"], name => Assert.Null(tree.At(Endpoint(name, 4))));
        var members = new MemberSet(tree, tree);
        string[] names = [.. content.Select(e => e.Member).Distinct()];
        Assert.Equal(names, members);
        Assert.Equal(names.Length, members.Count);
        Assert.Equal(names, Enumerable.Range(0, members.Count).Select(i => members[i]));
        Assert.Throws<ArgumentOutOfRangeException>(() => members[members.Count]);
        Assert.All(Enumerable.Range(0, 600).Select(i => $"p{i:d3}"), name => Assert.Equal(names.Contains(name), members.Contains(name)));
    }

    private static int Height(EndpointTree tree)
    {
        var walk = new EndpointWalk(tree.Root);
        return walk.IsDone ? 0 : walk.Height;
    }

    private static int Nodes(EndpointNode node) => 1 + (node.Children?.Sum(Nodes) ?? 0);

    private static TopologyEndpoint Endpoint(string member, int family) => new()
    {
        Member = member,
        Addresses = [family == 4 ? $"10.0.0.{member}" : "fd00::1"],
        AddressType = family == 4 ? "IPv4" : "IPv6",
        Slice = "s",
    };

    private static void ForEverySeed(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
