using System.Globalization;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>The true history: the states of the collection, and earlier histories that a restore replaced.</summary>
internal sealed class World
{
    private readonly bool _opaque;
    private long _uids = 1_000;
    private long _frozenAt;
    private long _frozenOldest;

    public World(Setup setup)
    {
        _opaque = setup.Opaque == 1;
        Version = 100;
        States = [new(100, new Thing?[6], null, null)];
        Served = States;
        Histories.Add(States);
        for (var key = 0; key < setup.Objects; key++)
        {
            Put(key);
        }

        Version += 3;
    }

    /// <summary>The current history.</summary>
    public List<State> States { get; private set; }

    /// <summary>
    /// The history that the server answers from: the current one, or, after a restore behind its watch cache, the one before, until the
    /// server restarts.
    /// </summary>
    public List<State> Served { get; private set; }

    /// <summary>The version up to which the server answers.</summary>
    public long ServedVersion => IsFrozen ? _frozenAt : Version;

    /// <summary>The oldest version that the server still knows: a compaction does not reach into a watch cache.</summary>
    public long ServedOldest => IsFrozen ? _frozenOldest : Oldest;

    /// <summary>Whether the server answers from a history that was replaced.</summary>
    public bool IsFrozen => Served != States;

    /// <summary>All histories; the last one is the current one.</summary>
    public List<List<State>> Histories { get; } = [];

    /// <summary>The current version, of this and all other collections.</summary>
    public long Version { get; private set; }

    /// <summary>The oldest version from which a watch can start.</summary>
    public long Oldest { get; set; }

    public State Now => States[^1];

    public string Text(long version) => _opaque ? $"x{version}" : version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a version; -1 for a text that is none.</summary>
    public long Read(string? text) =>
        long.TryParse(_opaque ? text?.TrimStart('x') : text, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : -1;

    /// <summary>The index of the last state that a version includes.</summary>
    public static int IndexAt(List<State> history, long version)
    {
        var (low, high) = (0, history.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = history[middle].Version <= version ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>The states that a version stands for: one, unless histories were replaced.</summary>
    public IEnumerable<State> At(long version) => Histories.Where(h => h[0].Version <= version).Select(h => h[IndexAt(h, version)]);

    public void Put(int key, bool moves = false)
    {
        var before = Now.Things[key];
        var service = before?.Service ?? ServiceOf(key);
        Set(key, new Thing(key, moves ? (service == "a" ? "b" : "a") : service, before?.Uid ?? ++_uids, Next(key), Text));
    }

    /// <summary>Writes an object that the client's decoder does not understand.</summary>
    public void Spoil(int key, int form)
    {
        var before = Now.Things[key];
        var service = before?.Service ?? ServiceOf(key);
        Set(key, new Thing(key, service, before?.Uid ?? ++_uids, Next(key), Text, form == 0 ? "5" : "[{\"addresses\":{}}]"));
    }

    public bool Delete(int key)
    {
        if (Now.Things[key] is null)
        {
            return false;
        }

        Next(key);
        Set(key, null);
        return true;
    }

    public void Bump(int versions) => Version += versions;

    /// <summary>Goes back: the last states are lost, and versions are used again.</summary>
    /// <param name="states">How many states are lost.</param>
    /// <param name="behindCache">Whether the server goes on to answer from its watch cache.</param>
    public void Restore(int states, bool behindCache)
    {
        (_frozenAt, _frozenOldest) = (ServedVersion, ServedOldest);
        var kept = Math.Max(1, States.Count - states);
        States = [.. States.Take(kept)];
        Version = Now.Version;
        Oldest = Math.Min(Oldest, Version);
        Histories.Add(States);
        Served = behindCache ? Served : States;
    }

    /// <summary>The server restarts, and reads the current history.</summary>
    public void Thaw() => Served = States;

    private static string ServiceOf(int key) => key % 2 == 0 ? "a" : "b";

    private long Next(int key) => Version += 1 + (key % 2);

    private void Set(int key, Thing? thing)
    {
        var things = (Thing?[])Now.Things.Clone();
        var before = things[key];
        things[key] = thing;
        States.Add(new(Version, things, before, thing));
    }
}
