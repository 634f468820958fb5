using static Rx.Kube.Tests.Stores.Thing;

namespace Rx.Kube.Tests.Stores;

/// <summary>A history of things, wholly determined by its seed, with the state it must lead to, kept in the plainest way.</summary>
internal sealed class RandomThings(int seed, int names)
{
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, Thing> _things = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _skipped = new(StringComparer.Ordinal);
    private int _version;

    /// <summary>The things there are, in order.</summary>
    public IEnumerable<Thing> Things => _things.Values;

    /// <summary>What is skipped, in order.</summary>
    public IEnumerable<string> Skips => _skipped;

    /// <summary>The word for the freshness.</summary>
    public string Freshness { get; private set; } = "syncing";

    public WatchEvent<Thing> Next()
    {
        var version = (++_version).ToString();
        var name = $"t{_random.Next(names)}";
        switch (_version == 1 ? 0 : _random.Next(names < 10 ? 10 : 100))
        {
            case 0:
                return Relist(version);
            case 1:
                Freshness = "stale";
                return Interrupted();
            case 2:
                Freshness = "live";
                return Resumed();
            case 3:
                _skipped.Add(name);
                return Skipped(version, name);
            case 4:
                _skipped.Remove(name);
                var gone = _things.Remove(name, out var thing);
                return gone && _random.Next(2) == 0 ? Deleted(version, thing!) : Skipped(version, name, isDeletion: true);
            default:
                _skipped.Remove(name);
                return (_random.Next(2) == 0 ? (Func<string, Thing, WatchEvent<Thing>>)Added : Modified)(version, _things[name] = RandomThing(name));
        }
    }

    private WatchEvent<Thing> Relist(string version)
    {
        Freshness = "live";
        _skipped.Clear();
        var unreadable = _random.Next(3) == 0 ? $"t{_random.Next(names)}" : null; // Its state before stays, if it had one.
        for (var i = 0; i < 3; i++)
        {
            var (gone, put) = ($"t{_random.Next(names)}", $"t{_random.Next(names)}");
            _ = gone != unreadable && _things.Remove(gone);
            if (put != unreadable)
            {
                _things[put] = RandomThing(put);
            }
        }

        var listed = _things.Values.Where(t => t.Metadata.Name != unreadable).Select(t => t with { }).ToArray();
        _random.Shuffle(listed);
        return unreadable is not null && _skipped.Add(unreadable) ? ListedWithSkipped(version, unreadable, listed) : Listed(version, listed);
    }

    private Thing RandomThing(string name) => Named(
        name, _random.Next(4) is > 0 and var node ? $"n{node}" : null, new string([.. "xyzx".Where(_ => _random.Next(2) == 0)]),
        $"u{_random.Next(6) / 5}", _random.Next(3).ToString());
}
