using Rx.Kube.Models;
using Rx.Kube.Tests.Checker.ModelServer;

namespace Rx.Kube.Tests.Checker;

/// <summary>The state after one event, folded by this checker.</summary>
/// <param name="At">When.</param>
/// <param name="Event">The event.</param>
/// <param name="From">The version that was reached before; empty before the first list.</param>
/// <param name="Version">The version that is reached after it.</param>
/// <param name="Hash">The hash of the objects after it.</param>
/// <param name="Live">Whether the stream says that it is current.</param>
/// <param name="Synced">Whether there was a list.</param>
internal readonly record struct Step(
    long At, WatchEvent<EndpointSlice> Event, string From, string Version, ulong Hash, bool Live, bool Synced);

/// <summary>Folds a resumed stream, without any code of the client's folds.</summary>
internal static class StreamFold
{
    public static List<Step> Of(ClientTrace client, World world)
    {
        var (objects, version, live, synced) = (new Dictionary<string, ulong>(), "", false, false);
        ulong hash = 0;
        List<Step> steps = new(client.Events.Count);
        foreach (var (at, e) in client.Events)
        {
            var from = version;
            switch (e)
            {
                case WatchEvent<EndpointSlice>.Listed listed:
                    objects.Clear();
                    hash = 0;
                    foreach (var item in listed.Items)
                    {
                        Put(item);
                    }

                    (version, live, synced) = (listed.ResourceVersion, true, true);
                    break;
                case WatchEvent<EndpointSlice>.Added added:
                    Put(added.Object);
                    Reach(added.ResourceVersion);
                    break;
                case WatchEvent<EndpointSlice>.Modified modified:
                    Put(modified.Object);
                    Reach(modified.ResourceVersion);
                    break;
                case WatchEvent<EndpointSlice>.Deleted deleted:
                    Remove(deleted.Object);
                    Reach(deleted.ResourceVersion);
                    break;
                case WatchEvent<EndpointSlice>.Bookmark bookmark:
                    Reach(bookmark.ResourceVersion);
                    break;
                case WatchEvent<EndpointSlice>.Interrupted:
                    live = false;
                    break;
                case WatchEvent<EndpointSlice>.Resumed:
                    live = synced;
                    break;
            }

            steps.Add(new(at, e, from, version, hash, live, synced));
        }

        return steps;

        void Put(EndpointSlice slice)
        {
            Remove(slice);
            var meta = slice.Metadata;
            var its = StableHash.Of(meta.Namespace, meta.Name, meta.Uid, meta.ResourceVersion);
            objects[Key(slice)] = its;
            hash += its;
        }

        void Remove(EndpointSlice slice)
        {
            if (objects.Remove(Key(slice), out var its))
            {
                hash -= its;
            }
        }

        void Reach(string reached)
        {
            var (now, then) = (world.Read(reached), world.Read(version));
            version = now > then ? reached : version;
        }
    }

    public static string? VersionOf(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Added a => a.ResourceVersion,
        WatchEvent<EndpointSlice>.Modified m => m.ResourceVersion,
        WatchEvent<EndpointSlice>.Deleted d => d.ResourceVersion,
        _ => null,
    };

    public static EndpointSlice? ObjectOf(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Added a => a.Object,
        WatchEvent<EndpointSlice>.Modified m => m.Object,
        WatchEvent<EndpointSlice>.Deleted d => d.Object,
        _ => null,
    };

    private static string Key(EndpointSlice slice) => $"{slice.Metadata.Namespace}/{slice.Metadata.Name}";
}
