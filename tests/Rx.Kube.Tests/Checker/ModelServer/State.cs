using System.Text;

namespace Rx.Kube.Tests.Checker.ModelServer;

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

    /// <summary>Whether a selected object cannot be decoded: then the topology depends on what a client has seen before.</summary>
    public bool IsSpoiled(int selection) => Array.Exists(Things, t => t is { IsSpoiled: true } && t.Matches(selection));

    /// <summary>Whether there are selected objects, and none of them can be decoded.</summary>
    public bool IsAllSpoiled(int selection) =>
        IsSpoiled(selection) && Array.TrueForAll(Things, t => t is null or { IsSpoiled: true } || !t.Matches(selection));

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
