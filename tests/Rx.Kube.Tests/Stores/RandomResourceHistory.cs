using static Rx.Kube.Tests.Stores.FakeResource;

namespace Rx.Kube.Tests.Stores;

/// <summary>A random history of resources, determined by its seed, with the state that it leads to in a simple model.</summary>
internal sealed class RandomResourceHistory(int seed, int names)
{
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, FakeResource> _resources = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _skipped = new(StringComparer.Ordinal);
    private int _version;

    /// <summary>The current resources, in order.</summary>
    public IEnumerable<FakeResource> Resources => _resources.Values;

    /// <summary>The names of skipped resources, in order.</summary>
    public IEnumerable<string> Skips => _skipped;

    /// <summary>The freshness as text.</summary>
    public string Freshness { get; private set; } = "syncing";

    public WatchEvent<FakeResource> Next()
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
                var gone = _resources.Remove(name, out var resource);
                return gone && _random.Next(2) == 0 ? Deleted(version, resource!) : Skipped(version, name, isDeletion: true);
            default:
                _skipped.Remove(name);
                var now = _resources[name] = RandomResource(name);
                return _random.Next(2) == 0 ? Added(version, now) : Modified(version, now);
        }
    }

    private WatchEvent<FakeResource> Relist(string version)
    {
        Freshness = "live";
        _skipped.Clear();
        var unreadable = _random.Next(3) == 0 ? $"t{_random.Next(names)}" : null; // Keeps its earlier state, if it had one.
        for (var i = 0; i < 3; i++)
        {
            var (gone, put) = ($"t{_random.Next(names)}", $"t{_random.Next(names)}");
            _ = gone != unreadable && _resources.Remove(gone);
            if (put != unreadable)
            {
                _resources[put] = RandomResource(put);
            }
        }

        var listed = _resources.Values.Where(t => t.Metadata.Name != unreadable).Select(t => t with { }).ToArray();
        _random.Shuffle(listed);
        return unreadable is not null && _skipped.Add(unreadable)
            ? ListedWithSkipped(version, unreadable, listed)
            : Listed(version, listed);
    }

    private FakeResource RandomResource(string name) => Named(
        name, _random.Next(4) is > 0 and var node ? $"n{node}" : null, new string([.. "xyzx".Where(_ => _random.Next(2) == 0)]),
        $"u{_random.Next(6) / 5}", _random.Next(3).ToString());
}
