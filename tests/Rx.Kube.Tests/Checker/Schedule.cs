using System.Collections.Immutable;
using System.Globalization;

namespace Rx.Kube.Tests.Checker;

/// <summary>What a run starts with: the server and the clients.</summary>
internal sealed record Setup
{
    public int Clients { get; init; } = 1;

    /// <summary>The size of a page.</summary>
    public int Page { get; init; } = 2;

    /// <summary>0: a namespace, 1: a Service, 2: the cluster.</summary>
    public int Selection { get; init; }

    /// <summary>Whether the server has a watch cache: a compaction alone then expires nothing.</summary>
    public int Cache { get; init; }

    /// <summary>Streaming lists: 0: refused with 422, 1: supported, 2: the end bookmark is missing.</summary>
    public int Streaming { get; init; } = 1;

    /// <summary>Whether the server sends bookmarks by itself.</summary>
    public int Bookmarks { get; init; } = 1;

    /// <summary>How many objects there are at first.</summary>
    public int Objects { get; init; } = 3;

    /// <summary>Whether versions are no decimals.</summary>
    public int Opaque { get; init; }

    /// <summary>Whether the server ignores the lifetime that is requested for a watch.</summary>
    public int Deaf { get; init; }

    /// <summary>
    /// Whether the first list may come from the server's cache (<see cref="ResumeOptions.FirstListFromCache"/>): 0: no; otherwise the cache
    /// is one state less than that behind.
    /// </summary>
    public int Cached { get; init; }

    /// <summary>The format that the clients ask for first: 0: JSON, 1: protobuf.</summary>
    public int Format { get; init; }

    /// <summary>Which of the clocks of the tests.</summary>
    public int Clock { get; init; }

    /// <summary>The seed of the client's jitter.</summary>
    public int Jitter { get; init; } = 1;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"clients={Clients} page={Page} selection={Selection} cache={Cache} streaming={Streaming} bookmarks={Bookmarks} ")
        + string.Create(CultureInfo.InvariantCulture, $"objects={Objects} opaque={Opaque} deaf={Deaf} cached={Cached} format={Format} ")
        + string.Create(CultureInfo.InvariantCulture, $"clock={Clock} jitter={Jitter}");

    public static Setup Parse(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('='))
            .ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture));
        int Value(string name, int otherwise) => values.GetValueOrDefault(name, otherwise);
        return new()
        {
            Clients = Value("clients", 1),
            Page = Value("page", 2),
            Selection = Value("selection", 0),
            Cache = Value("cache", 0),
            Streaming = Value("streaming", 1),
            Bookmarks = Value("bookmarks", 1),
            Objects = Value("objects", 3),
            Opaque = Value("opaque", 0),
            Deaf = Value("deaf", 0),
            Cached = Value("cached", 0),
            Format = Value("format", 0),
            Clock = Value("clock", 0),
            Jitter = Value("jitter", 1),
        };
    }
}

/// <summary>
/// A run as data. Each action has its own parameters, so that removing or changing one changes nothing else. One line of text is the
/// whole schedule: <c>clients=1 page=2 | 1200:Put(3,0,0) 1500:Fin(2,0,0)</c>.
/// </summary>
internal sealed record Schedule(Setup Setup, ImmutableArray<FaultAction> Actions)
{
    /// <summary>When the last effect is over, in milliseconds.</summary>
    public int Quiet { get; } = Actions.Select(ActionTable.End).DefaultIfEmpty(0).Max() + 10;

    /// <summary>Whether the server breaks its own contract.</summary>
    public bool BreaksContract => Actions.Any(a => ActionTable.Of[a.Kind].BreaksContract) || (Setup.Opaque == 1 && Actions.Any(
        a => a.Kind is ActionKind.Lag or ActionKind.OldList or ActionKind.Duplicate or ActionKind.Bookmark or ActionKind.TwoVersions));

    public bool Has(params ReadOnlySpan<ActionKind> kinds)
    {
        foreach (var action in Actions)
        {
            if (kinds.Contains(action.Kind))
            {
                return true;
            }
        }

        return false;
    }

    public static Schedule Parse(string text)
    {
        var parts = text.Split('|');
        return new(
            Setup.Parse(parts[0]), [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(FaultAction.Parse)]);
    }

    public bool Equals(Schedule? other) =>
        other is not null && Setup == other.Setup && Actions.AsSpan().SequenceEqual(other.Actions.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Setup, Actions.Length);

    public override string ToString() => $"{Setup} | {string.Join(' ', Actions)}";
}
