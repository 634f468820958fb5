using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Stores;

/// <summary>An object of a fictitious kind, and its watch events. Equality is by content without the resourceVersion.</summary>
internal sealed record FakeResource : IResource
{
    public static readonly StoreIndex<FakeResource, string> ByNode = StoreIndex.By((FakeResource resource) => resource.Node);

    public static readonly StoreIndex<FakeResource, char> ByTag = StoreIndex.ByMany((FakeResource r) => r.Tags.AsEnumerable());

    public required ObjectMeta Metadata { get; init; }

    public string? Node { get; init; }

    public string Tags { get; init; } = "";

    public ResourceKey Key => ResourceKey.Of(Metadata);

    public bool Equals(FakeResource? other) =>
        other is not null && Metadata.Name == other.Metadata.Name && Metadata.Namespace == other.Metadata.Namespace &&
        Metadata.Uid == other.Metadata.Uid && Node == other.Node && Tags == other.Tags;

    public override int GetHashCode() => HashCode.Combine(Metadata.Name, Metadata.Uid, Node, Tags);

    public override string ToString() => $"{Metadata.Name}#{Metadata.Uid}@{Node}[{Tags}]";

    public static FakeResource Named(string name, string? node = null, string tags = "", string uid = "u1", string version = "") =>
        new()
        {
            Metadata = new ObjectMeta { Name = name, Namespace = "prod", Uid = uid, ResourceVersion = version },
            Node = node,
            Tags = tags,
        };

    public static WatchEvent<FakeResource> Listed(string version, params FakeResource[] resources) =>
        new WatchEvent<FakeResource>.Listed([.. resources], version);

    public static WatchEvent<FakeResource> ListedWithSkipped(string version, string skipped, params FakeResource[] resources) =>
        new WatchEvent<FakeResource>.Listed([.. resources], version) { SkippedItems = [SkippedObject(skipped, version)] };

    public static WatchEvent<FakeResource> Added(string version, FakeResource resource) =>
        new WatchEvent<FakeResource>.Added(resource, version);

    public static WatchEvent<FakeResource> Modified(string version, FakeResource resource) =>
        new WatchEvent<FakeResource>.Modified(resource, version);

    public static WatchEvent<FakeResource> Deleted(string version, FakeResource resource) =>
        new WatchEvent<FakeResource>.Deleted(resource, version);

    public static WatchEvent<FakeResource> Skipped(string version, string name, bool isDeletion = false) =>
        new WatchEvent<FakeResource>.Skipped(SkippedObject(name, version), version) { IsDeletion = isDeletion };

    public static WatchEvent<FakeResource> Bookmark(string version) => new WatchEvent<FakeResource>.Bookmark(version);

    public static WatchEvent<FakeResource> Opened() => new WatchEvent<FakeResource>.Opened();

    public static WatchEvent<FakeResource> Interrupted() =>
        new WatchEvent<FakeResource>.Interrupted(Topology.TopologyTestData.Interruption);

    public static WatchEvent<FakeResource> Resumed() => new WatchEvent<FakeResource>.Resumed();

    /// <summary>Every snapshot these events give.</summary>
    public static List<ResourceStore<FakeResource>> Fold(params IEnumerable<WatchEvent<FakeResource>> events)
    {
        var snapshots = new List<ResourceStore<FakeResource>>();
        using var source = new Subject<WatchEvent<FakeResource>>();
        using var subscription = source.ToStore(ByNode, ByTag).Subscribe(snapshots.Add);
        foreach (var next in events)
        {
            source.OnNext(next);
        }

        return snapshots;
    }

    /// <summary>A snapshot as text.</summary>
    public static string Show(ResourceStore<FakeResource> store) => string.Join(' ', store.Values);

    /// <summary>A difference as text.</summary>
    public static string Show(StoreDiff<FakeResource> diff) => string.Join(' ',
        diff.Added.Select(c => $"+{Text(c)}")
            .Concat(diff.Removed.Select(c => $"-{Text(c)}"))
            .Concat(diff.Updated.Select(c => $"~{Text(c)}")));

    private static string Text(ResourceChange<FakeResource> change) => $"{change.Key.Name}{(change.Inferred ? "?" : "")}";

    private static SkippedObject SkippedObject(string name, string version) => new("prod", name, version, "broken");
}
