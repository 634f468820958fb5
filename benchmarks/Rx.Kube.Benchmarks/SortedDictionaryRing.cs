using System.Text;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Alternatives to our ring, with its tokens: a sorted dictionary that is rebuilt on each change, and a binary search over sorted arrays.
/// People write both when they need a ring without a library.
/// </summary>
internal sealed class SortedDictionaryRing
{
    private readonly SortedDictionary<ulong, string> _tokens = [];

    public SortedDictionaryRing(IEnumerable<string> members)
    {
        foreach (var (token, member) in members.SelectMany(TokensOf))
        {
            _tokens.TryAdd(token, member);
        }
    }

    public (ulong[] Tokens, string[] Owners) ToArrays() => ([.. _tokens.Keys], [.. _tokens.Values]);

    public static string Search(ulong[] tokens, string[] owners, ulong hash)
    {
        var index = Array.BinarySearch(tokens, hash);
        index = index < 0 ? ~index : index;
        return owners[index == owners.Length ? 0 : index];
    }

    private static IEnumerable<(ulong Token, string Member)> TokensOf(string member)
    {
        var utf8 = Encoding.UTF8.GetBytes(member);
        return Enumerable.Range(1, RingLayout.DefaultTokensPerWeight).Select(seed => (XxHash64.Hash(utf8, (ulong)seed), member));
    }
}
