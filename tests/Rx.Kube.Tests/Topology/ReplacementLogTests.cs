namespace Rx.Kube.Tests.Topology;

/// <summary>
/// Snapshots whose replacements are logged, on several threads: whatever others read, replace or branch off at the same time, a tree has
/// the endpoints that it was made with.
/// </summary>
public class ReplacementLogTests
{
    private const int Endpoints = 4096;
    private const int Versions = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Threads_that_read_and_replace_at_once_see_what_each_tree_was_made_with(int seed)
    {
        TopologyEndpoint[] all = [.. Enumerable.Range(0, Endpoints).Select(Endpoint)];
        var versions = new (EndpointTree Tree, TopologyEndpoint[] Content)?[Versions];
        versions[0] = (EndpointTree.Of(all), all);
        var published = 1;
        using var start = new Barrier(5);

        // The versions follow each other, so that they share logs.
        var writer = Task.Run(() =>
        {
            var random = new Random(seed);
            start.SignalAndWait();
            for (var i = 1; i < Versions; i++)
            {
                versions[i] = Next(random, versions[i - 1]!.Value, most: 12);
                Volatile.Write(ref published, i + 1);
            }
        });
        var others = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random((seed * 100) + thread);
            start.SignalAndWait();
            for (var i = 0; i < 60; i++)
            {
                var (x, y) = (Any(random), Any(random));
                if (thread == 0)
                {
                    // A second tree after one that may already have a next one.
                    IsEqual(Next(random, x, most: 12));
                }
                else if (i % 2 == 0)
                {
                    IsEqual(x);
                }
                else
                {
                    AreDifferent(x, y);
                }
            }
        }));
        await Task.WhenAll([writer, .. others]);

        Assert.All(versions, version => IsEqual(version!.Value));

        (EndpointTree Tree, TopologyEndpoint[] Content) Any(Random random) => versions[random.Next(Volatile.Read(ref published))]!.Value;
    }

    [Theory]
    [InlineData(159_992, 19_999)]
    [InlineData(160_000, 20_000)]
    [InlineData(160_008, 20_000)]
    [InlineData(int.MaxValue, 20_000)]
    public void A_log_has_an_eighth_of_the_endpoints_up_to_its_limit(int endpoints, int replacements) =>
        Assert.Equal(replacements, ReplacementLog.LimitFor(endpoints));

    [Fact]
    public async Task Threads_that_read_a_tree_at_once_get_the_same_nodes()
    {
        var random = new Random(1);
        TopologyEndpoint[] all = [.. Enumerable.Range(0, Endpoints).Select(Endpoint)];
        var version = (Tree: EndpointTree.Of(all), Content: all);
        for (var i = 0; i < 200; i++)
        {
            version = Next(random, version, most: 3);
            using var start = new Barrier(3);
            var roots = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                return version.Tree.Root;
            })));
            Assert.All(roots, root => Assert.Same(roots[0], root));
        }
    }

    private static (EndpointTree Tree, TopologyEndpoint[] Content) Next(
        Random random, (EndpointTree Tree, TopologyEndpoint[] Content) before, int most)
    {
        TopologyEndpoint[] content = [.. before.Content];
        List<TopologyEndpoint> gone = [], now = [];
        foreach (var place in Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(Endpoints)).Distinct())
        {
            gone.Add(content[place]);
            now.Add(content[place] = content[place] with { Ready = random.Next(2) == 0 });
        }

        return (before.Tree.Apply(gone, now), content);
    }

    private static void IsEqual((EndpointTree Tree, TopologyEndpoint[] Content) version)
    {
        Assert.Equal(version.Content.Count(e => e.Ready), version.Tree.CountOf(EndpointView.Ready));
        Assert.True(new EndpointList(version.Tree, EndpointView.All).Zip(version.Content).All(e => ReferenceEquals(e.First, e.Second)));
    }

    private static void AreDifferent(
        (EndpointTree Tree, TopologyEndpoint[] Content) x, (EndpointTree Tree, TopologyEndpoint[] Content) y)
    {
        var expected = x.Content.Zip(y.Content).Where(e => !ReferenceEquals(e.First, e.Second))
            .Select(e => ((object?)e.First, (object?)e.Second));
        Assert.Equal(expected, x.Tree.Differences(y.Tree, byContent: false).Select(d => ((object?)d.Mine, (object?)d.Other)));
    }

    private static TopologyEndpoint Endpoint(int number) => new()
    {
        Member = $"p{number:d5}",
        Addresses = [$"10.0.{number >> 8}.{number & 255}"],
        AddressType = "IPv4",
        Slice = "s",
    };
}
