namespace Rx.Kube.Hashing.Tests;

/// <summary>Small hash rings for tests, and what they place.</summary>
internal static class HashRings
{
    public static HashRing<Node> Of(params IEnumerable<Node> nodes) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, layout: RingLayout.Native(32));

    /// <summary>A ring of tokens of 8 bits: with a few members most of them collide.</summary>
    public static HashRing<Node> Crowded(params IEnumerable<Node> nodes) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, layout: new CrowdedLayout());

    /// <summary>Everything that a ring is made of, as text.</summary>
    public static string Text(HashRing<Node> ring) =>
        $"{ring.Fingerprint:x16}\n{string.Join("\n", ring.Members)}\n{string.Join("\n", ring.Tokens())}";

    public static Node[] Nodes(int count) => [.. Enumerable.Range(0, count).Select(i => new Node($"node-{i}"))];

    public static string? Owner(HashRing<Node> ring, ulong hash) => ring.TryGetOwner(new KeyHash(hash), out var owner) ? owner.Name : null;

    public static ulong RandomHash(Random random) => ((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64();

    /// <summary>The lines of a golden file that begin with a word, split at spaces into at most this many parts.</summary>
    public static IEnumerable<string[]> GoldenLines(string file, string word, int parts) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", file)).Select(line => line.Split(' ', parts))
            .Where(line => line[0] == word);

    public static Node[] Replicas(IRing<Node> ring, KeyHash key, int count = 100)
    {
        var replicas = new Node[count];
        return replicas[..ring.GetReplicas(key, replicas)];
    }

    public static Node? OwnerOf(IRing<Node> ring, KeyHash key) => ring.TryGetOwner(key, out var owner) ? owner : null;

    private sealed class CrowdedLayout() : RingLayout("Crowded/1")
    {
        internal override long[] CountTokens(ReadOnlySpan<int> weights) => [.. weights.ToArray().Select(weight => weight * 32L)];

        internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
        {
            for (var i = 0; i < tokens.Length; i++)
            {
                tokens[i] = (XxHash64.Hash(hashKey, (ulong)(first + i) + 1) & 0xFF) << 56;
            }
        }
    }
}
