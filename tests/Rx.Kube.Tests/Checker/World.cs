using System.Globalization;
using System.Text;

namespace Rx.Kube.Tests.Checker;

/// <summary>An object of the server: a slice, written by this model itself.</summary>
internal sealed class Thing
{
    private byte[]? _json;

    public Thing(int key, string service, long uid, long version, Func<long, string> text)
    {
        (Key, Service, Uid, Version) = (key, service, uid, version);
        (Name, Namespace, VersionText) = ($"s{key}", key == 5 ? "other" : "default", text(version));
        Hash = StableHash.Of(Namespace, Name, uid, VersionText);
        EndpointHash = Pod(key, "", version) + (version % 2 == 0 ? 0 : Pod(key, "x", version));
    }

    public int Key { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Service { get; }

    public long Uid { get; }

    public long Version { get; }

    public string VersionText { get; }

    /// <summary>A sum over objects is the hash of a state.</summary>
    public ulong Hash { get; }

    /// <summary>A sum over endpoints is the hash of a topology.</summary>
    public ulong EndpointHash { get; }

    /// <summary>The object without its kind, up to the end.</summary>
    public byte[] Json => _json ??= Encoding.UTF8.GetBytes(Text(VersionText));

    public bool Matches(int selection) => selection == 2 || (Namespace == "default" && (selection == 0 || Service == "a"));

    /// <summary>The object as a deletion at a version has it.</summary>
    public string Text(string version)
    {
        var pods = EndpointText("") + (Version % 2 == 0 ? "" : "," + EndpointText("x"));
        return "{\"metadata\":{\"name\":\"" + Name + "\",\"namespace\":\"" + Namespace + "\",\"uid\":\"" + Uid
            + "\",\"resourceVersion\":\"" + version + "\",\"labels\":{\"kubernetes.io/service-name\":\"" + Service
            + "\"}},\"addressType\":\"IPv4\",\"endpoints\":[" + pods + "],\"ports\":[{\"name\":\"\",\"port\":80,\"protocol\":\"TCP\"}]}";
    }

    private string EndpointText(string suffix) =>
        "{\"addresses\":[\"" + Address(Key, suffix, Version) + "\"],\"conditions\":{\"ready\":true},\"zone\":\"zöne\",\"targetRef\":{"
        + "\"kind\":\"Pod\",\"namespace\":\"" + Namespace + "\",\"name\":\"p" + Key + suffix + "\",\"uid\":\"" + Uid + "\"}}";

    private static string Address(int key, string suffix, long version) => string.Create(
        CultureInfo.InvariantCulture, $"10.{key + (suffix.Length * 16)}.{version / 256 % 256}.{version % 256}");

    private ulong Pod(int key, string suffix, long version) =>
        StableHash.Of(Service, $"p{key}{suffix}", Uid, Address(key, suffix, version));
}

/// <summary>One state of the collection, and the change that led to it.</summary>
internal sealed class State(long version, Thing?[] things, Thing? before, Thing? after)
{
    private readonly byte[]?[] _lines = new byte[]?[3];

    public long Version { get; } = version;

    public Thing?[] Things { get; } = things;

    public Thing? Before { get; } = before;

    public Thing? After { get; } = after;

    /// <summary>The hash of the objects that a selection matches.</summary>
    public ulong Hash(int selection) => Sum(selection, t => t.Hash);

    /// <summary>The hash of the endpoints that a selection matches.</summary>
    public ulong EndpointHash(int selection) => Sum(selection, t => t.EndpointHash);

    /// <summary>The type of the event for a selection; null if there is none.</summary>
    public string? TypeFor(int selection) => (Before?.Matches(selection) ?? false, After?.Matches(selection) ?? false) switch
    {
        (false, true) => "ADDED",
        (true, true) => "MODIFIED",
        (true, false) => "DELETED",
        _ => null,
    };

    /// <summary>The line of the event.</summary>
    public byte[] Line(string type, string version)
    {
        var at = type switch { "ADDED" => 0, "MODIFIED" => 1, _ => 2 };
        return _lines[at] ??= Wire.Event(type, type == "DELETED" ? Encoding.UTF8.GetBytes(Before!.Text(version)) : After!.Json);
    }

    private ulong Sum(int selection, Func<Thing, ulong> hash)
    {
        ulong sum = 0;
        foreach (var thing in Things)
        {
            sum += thing is not null && thing.Matches(selection) ? hash(thing) : 0;
        }

        return sum;
    }
}

/// <summary>The true history: the states of the collection, and earlier histories that a restore replaced.</summary>
internal sealed class World
{
    private readonly bool _opaque;
    private long _uids = 1_000;

    public World(Setup setup)
    {
        _opaque = setup.Opaque == 1;
        Version = 100;
        States = [new(100, new Thing?[6], null, null)];
        Histories.Add(States);
        for (var key = 0; key < setup.Objects; key++)
        {
            Put(key);
        }

        Version += 3;
    }

    /// <summary>The current history.</summary>
    public List<State> States { get; private set; }

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
        var service = before?.Service ?? (key % 2 == 0 ? "a" : "b");
        Set(key, new Thing(key, moves ? (service == "a" ? "b" : "a") : service, before?.Uid ?? ++_uids, Next(key), Text));
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
    public void Restore(int states)
    {
        var kept = Math.Max(1, States.Count - states);
        States = [.. States.Take(kept)];
        Version = Now.Version;
        Oldest = Math.Min(Oldest, Version);
        Histories.Add(States);
    }

    private long Next(int key) => Version += 1 + (key % 2);

    private void Set(int key, Thing? thing)
    {
        var things = (Thing?[])Now.Things.Clone();
        var before = things[key];
        things[key] = thing;
        States.Add(new(Version, things, before, thing));
    }
}

/// <summary>A hash that is the same in every process.</summary>
internal static class StableHash
{
    public static ulong Of(string a, string b, long c, string d) =>
        Mix(Add(Add(Mix(Add(Add(14695981039346656037, a), b) ^ (ulong)c), "|"), d));

    public static ulong Of(string a, string b, string c, string d) => long.TryParse(c, out var number)
        ? Of(a, b, number, d)
        : Mix(Add(Add(Add(Add(14695981039346656037, a), b), c), d));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return (hash ^ '|') * 1099511628211;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
