using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rx.Kube.Hashing.Tests.Layouts;

/// <summary>A ring as another implementation describes it. The headers of the files explain their format.</summary>
internal sealed class GoldenRing
{
    private readonly List<(ulong Hash, string Owner)> _places = [];
    private readonly List<(string Key, string Owner)> _keys = [];
    private readonly List<Node> _nodes = [];
    private string _layout = "", _digest = "", _fingerprint = "";
    private int _tokens;

    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    public static IEnumerable<GoldenRing> Read(string file)
    {
        GoldenRing? ring = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", file)).Where(line => !line.StartsWith('#')))
        {
            var (what, rest) = (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            if (what == "layout")
            {
                if (ring is not null)
                {
                    yield return ring;
                }

                ring = new GoldenRing();
            }

            ring!.Add(what, rest, rest.Split(' ', 2));
        }

        yield return ring!;
    }

    /// <summary>Compares all of it with our ring.</summary>
    public void Check(Func<string[], RingLayout> layoutOf)
    {
        var layout = layoutOf(_layout.Split(' '));
        var ring = HashRing.Create(_nodes, node => node.Name, node => node.Weight, layout: layout);
        string OwnerOf(KeyHash hash) => ring.TryGetOwner(hash, out var owner) ? owner.Name : "nobody";
        var about = $"{_layout} of {_nodes.Count}";

        Assert.Equal((about, _tokens), (about, ring.TokenCount));
        Assert.Equal((about, _fingerprint), (about, $"{ring.Fingerprint:x16}"));
        Assert.All(_places, place => Assert.Equal((about, place.Hash, place.Owner), (about, place.Hash, OwnerOf(new KeyHash(place.Hash)))));
        Assert.All(_keys, key => Assert.Equal((about, key.Key, key.Owner), (about, key.Key, OwnerOf(layout.HashOf(key.Key)))));
        var owners = Enumerable.Range(0, 5000).Select(i => $"key-{i}").Select(key => $"{key} {OwnerOf(layout.HashOf(key))}\n");
        Assert.Equal((about, _digest), (about, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(owners))))));
    }

    private void Add(string what, string rest, string[] words)
    {
        switch (what)
        {
            case "layout":
                _layout = rest;
                break;
            case "members":
                var (weights, prefix) = (Array.ConvertAll(words[1].Split(' ')[0].Split(','), Number), words[1].Split(' ')[1]);
                _nodes.AddRange(Enumerable.Range(0, Number(words[0])).Select(i => new Node($"{prefix}{i}", weights[i % weights.Length])));
                break;
            case "tokens":
                _tokens = Number(rest);
                break;
            case "fingerprint":
                _fingerprint = rest;
                break;
            case "digest":
                _digest = rest;
                break;
            case "at":
                _places.Add((ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[1]));
                break;
            default:
                _keys.Add((words[1], words[0]));
                break;
        }
    }
}
