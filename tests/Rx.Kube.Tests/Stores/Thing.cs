using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Stores;

/// <summary>An object of a made-up kind. Equal by content, its resourceVersion left aside.</summary>
internal sealed record Thing : IResource
{
    public static readonly StoreIndex<Thing, string> ByNode = StoreIndex.By((Thing thing) => thing.Node);

    public static readonly StoreIndex<Thing, char> ByTag = StoreIndex.ByMany((Thing thing) => thing.Tags.AsEnumerable());

    public required ObjectMeta Metadata { get; init; }

    public string? Node { get; init; }

    public string Tags { get; init; } = "";

    public ResourceKey Key => ResourceKey.Of(Metadata);

    public bool Equals(Thing? other) =>
        other is not null && Metadata.Name == other.Metadata.Name && Metadata.Namespace == other.Metadata.Namespace &&
        Metadata.Uid == other.Metadata.Uid && Node == other.Node && Tags == other.Tags;

    public override int GetHashCode() => HashCode.Combine(Metadata.Name, Metadata.Uid, Node, Tags);

    public override string ToString() => $"{Metadata.Name}#{Metadata.Uid}@{Node}[{Tags}]";

    public static Thing Named(string name, string? node = null, string tags = "", string uid = "u1", string version = "") =>
        new() { Metadata = new ObjectMeta { Name = name, Namespace = "prod", Uid = uid, ResourceVersion = version }, Node = node, Tags = tags };

    public static WatchEvent<Thing> Listed(string version, params Thing[] things) => new WatchEvent<Thing>.Listed([.. things], version);

    public static WatchEvent<Thing> ListedWithSkipped(string version, string skipped, params Thing[] things) =>
        new WatchEvent<Thing>.Listed([.. things], version) { SkippedItems = [SkippedObject(skipped, version)] };

    public static WatchEvent<Thing> Added(string version, Thing thing) => new WatchEvent<Thing>.Added(thing, version);

    public static WatchEvent<Thing> Modified(string version, Thing thing) => new WatchEvent<Thing>.Modified(thing, version);

    public static WatchEvent<Thing> Deleted(string version, Thing thing) => new WatchEvent<Thing>.Deleted(thing, version);

    public static WatchEvent<Thing> Skipped(string version, string name, bool isDeletion = false) =>
        new WatchEvent<Thing>.Skipped(SkippedObject(name, version), version) { IsDeletion = isDeletion };

    public static WatchEvent<Thing> Bookmark(string version) => new WatchEvent<Thing>.Bookmark(version);

    public static WatchEvent<Thing> Opened() => new WatchEvent<Thing>.Opened();

    public static WatchEvent<Thing> Interrupted() => new WatchEvent<Thing>.Interrupted(Topology.TopologyTestData.Interruption);

    public static WatchEvent<Thing> Resumed() => new WatchEvent<Thing>.Resumed();

    /// <summary>Every snapshot these events give.</summary>
    public static List<ResourceStore<Thing>> Fold(params IEnumerable<WatchEvent<Thing>> events)
    {
        var snapshots = new List<ResourceStore<Thing>>();
        using var source = new Subject<WatchEvent<Thing>>();
        using var subscription = source.ToStore(ByNode, ByTag).Subscribe(snapshots.Add);
        foreach (var next in events)
        {
            source.OnNext(next);
        }

        return snapshots;
    }

    /// <summary>A snapshot in words.</summary>
    public static string Show(ResourceStore<Thing> store) => string.Join(' ', store.Values);

    /// <summary>A difference in words.</summary>
    public static string Show(StoreDiff<Thing> diff) => string.Join(' ',
        diff.Added.Select(c => $"+{Text(c)}").Concat(diff.Removed.Select(c => $"-{Text(c)}")).Concat(diff.Updated.Select(c => $"~{Text(c)}")));

    private static string Text(ResourceChange<Thing> change) => $"{change.Key.Name}{(change.Inferred ? "?" : "")}";

    private static SkippedObject SkippedObject(string name, string version) => new("prod", name, version, "broken");
}
