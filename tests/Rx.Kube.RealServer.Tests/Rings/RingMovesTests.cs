using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.RealServer.Tests.Watch;

namespace Rx.Kube.RealServer.Tests.Rings;

/// <summary>
/// Compares the moves of <c>rxkube ring -o json</c> after changes by kubectl with the difference of two rings that the test builds from the
/// names and zones of the members before and after.
/// </summary>
public sealed class RingMovesTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const int Keys = 20_000;

    [RealServerFact]
    public async Task The_moves_of_every_change_equal_a_brute_force_diff_and_a_flap_gives_no_line()
    {
        await using var owners = new RingTool(server.Kubeconfig(server.Tokens.Reader), "ring", 1);
        await using var replicas = new RingTool(server.Kubeconfig(server.Tokens.Reader), "ring", 2);
        await owners.WaitForAsync(line => line.Members.Length == 0, "the empty ring");
        await replicas.WaitForAsync(line => line.Members.Length == 0, "the empty ring");

        await KubectlAsync("create --validate=false -f -", SliceManifest.Of("ring-a", "ring", 1, 2, 4));
        await PatchAsync("ring-a", "merge", SliceManifest.Patch("ring-a", 1, 2, 4, 5, 7));
        await PatchAsync("ring-a", "json", """[{"op":"replace","path":"/endpoints/1/conditions/ready","value":false}]""");
        await PatchAsync("ring-a", "json", """[{"op":"replace","path":"/endpoints/1/conditions/ready","value":true}]""");
        await KubectlAsync("create --validate=false -f -", SliceManifest.Of("ring-b", "ring", 3, 8));
        await PatchAsync("ring-a", "json", """[{"op":"replace","path":"/endpoints/0/addresses/0","value":"10.9.9.9"}]""");
        await PatchAsync("ring-a", "merge", SliceManifest.Patch("ring-a", 1, 4, 7));
        await KubectlAsync("create --validate=false -f -", SliceManifest.Of("other-c", "other", 1));
        await PatchAsync("ring-a", "merge", SliceManifest.Patch("ring-a", 1, 4, 8));
        await PatchAsync("ring-a", "json", """[{"op":"replace","path":"/endpoints/2/zone","value":"z1"}]""");
        await KubectlAsync("delete endpointslice ring-b");
        await KubectlAsync("delete endpointslice ring-a");

        string[] members =
        [
            "", "a-1 a-2 a-4", "a-1 a-2 a-4 a-5 a-7", "a-1 a-2 a-4 a-5 a-7 b-3 b-8", "a-1 a-4 a-7 b-3 b-8", "a-1 a-4 a-8 b-3 b-8",
            "a-1 a-4 a-8 b-3 b-8", "a-1 a-4 a-8", "",
        ];
        await AssertScenarioAsync(owners, members, 1);
        await AssertScenarioAsync(replicas, members, 2);
    }

    private static async Task AssertScenarioAsync(RingTool tool, string[] members, int replicationFactor)
    {
        await tool.WaitForAsync(line => line.Members.Length == 0, "the empty ring again", from: 1);
        var lines = tool.Lines;
        Assert.Equal(
            members,
            lines.Select(line => string.Join(' ', line.Members.Select(m => m.Member.Replace("ring-", "", StringComparison.Ordinal)))));
        Assert.All(lines, line => Assert.Equal("live", line.Freshness));
        foreach (var (before, after) in lines.Zip(lines.Skip(1)))
        {
            AssertMoves(RingOf(before), RingOf(after), after, replicationFactor);
        }

        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    private static void AssertMoves(
        HashRing<(string Member, string? Zone)> before, HashRing<(string Member, string? Zone)> after, RingLine line, int factor)
    {
        Assert.Equal(new KeyHash(after.Fingerprint).ToString(), line.Fingerprint);
        for (var rank = 0; rank < factor; rank++)
        {
            // The length of all hashes with different replicas, in steps of the shorter range of the two rings.
            var length = UInt128.Zero;
            for (ulong first = 0; ;)
            {
                var (key, last) = (
                    new KeyHash(first), Math.Min(before.RangeOf(new KeyHash(first)).Last, after.RangeOf(new KeyHash(first)).Last));
                length += ReplicaOf(before, key, rank) != ReplicaOf(after, key, rank) ? (UInt128)(last - first) + 1 : 0;
                if (last == ulong.MaxValue)
                {
                    break;
                }

                first = last + 1;
            }

            var moves = line.Moves.Where(m => m.Rank == rank).OrderBy(m => m.Range.First).ToArray();
            Assert.Equal(length, moves.Aggregate(UInt128.Zero, (sum, m) => sum + m.Range.Length));
            if (factor == 1)
            {
                // The last member that leaves moves no keys to another member.
                Assert.Equal(line.Members.Length == 0 ? 0 : (double)length / Math.Pow(2, 64), line.Moved, 12);
            }

            var random = new Random(TestSeed.Value);
            for (var i = 0; i < Keys; i++)
            {
                var key = KeyHash.Of(random.NextInt64());
                var move = Array.FindAll(moves, m => m.Range.Contains(key));
                var (was, now) = (ReplicaOf(before, key, rank), ReplicaOf(after, key, rank));
                Assert.True(
                    move.Length == (was == now ? 0 : 1) && (was == now || (move[0].From == was && move[0].To == now)),
                    $"{key} of rank {rank} went from {was} to {now}, " +
                    $"the line says {string.Join(", ", move)} (seed {TestSeed.Value}): {line}");
            }
        }
    }

    /// <summary>Builds the ring from names and zones only, in random order.</summary>
    private static HashRing<(string Member, string? Zone)> RingOf(RingLine line)
    {
        var members = line.Members.ToArray();
        new Random(TestSeed.Value).Shuffle(members);
        return HashRing.Create(members, m => m.Member, zone: m => m.Zone);
    }

    private static string? ReplicaOf(HashRing<(string Member, string? Zone)> ring, KeyHash key, int rank)
    {
        var replicas = new (string Member, string? Zone)[rank + 1];
        return ring.GetReplicas(key, replicas) > rank ? replicas[rank].Member : null;
    }

    private async Task PatchAsync(string name, string type, string patch) =>
        (await server.KubectlAsync(["patch", "endpointslice", name, $"--type={type}", "-p", patch])).OutputOrThrow();

    private async Task KubectlAsync(string arguments, string? stdin = null) =>
        (await server.KubectlAsync(arguments, stdin)).OutputOrThrow();
}
