using Rx.Kube.Models;
using Rx.Kube.Tests.Checker.ModelServer;

namespace Rx.Kube.Tests.Checker;

/// <summary>The state after one event, folded by this checker.</summary>
/// <param name="At">When.</param>
/// <param name="Event">The event.</param>
/// <param name="From">The version that was reached before; empty before the first list.</param>
/// <param name="Version">The version that is reached after it.</param>
/// <param name="Hash">The hash of the objects after it, with those that cannot be decoded.</param>
/// <param name="Endpoints">The hash of the endpoints after it; an object that cannot be decoded keeps its last good ones.</param>
/// <param name="Spoiled">How many objects after it cannot be decoded.</param>
/// <param name="Live">Whether the stream says that it is current.</param>
/// <param name="Synced">Whether there was a list.</param>
internal readonly record struct Step(
    long At, WatchEvent<EndpointSlice> Event, string From, string Version, ulong Hash, ulong Endpoints, int Spoiled, bool Live,
    bool Synced);

/// <summary>Folds a resumed stream, without any code of the client's folds.</summary>
internal static class StreamFold
{
    public static List<Step> Of(ClientTrace client, World world)
    {
        var (objects, version, live, synced) = (new Dictionary<string, Held>(), "", false, false);
        List<Step> steps = new(client.Events.Count);
        foreach (var (at, e) in client.Events)
        {
            var from = version;
            switch (e)
            {
                case WatchEvent<EndpointSlice>.Listed listed:
                    var before = objects;
                    objects = [];
                    foreach (var item in listed.Items)
                    {
                        Put(item);
                    }

                    foreach (var skipped in listed.SkippedItems)
                    {
                        Spoil(skipped, before);
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
                    objects.Remove(Key(deleted.Object.Metadata.Namespace, deleted.Object.Metadata.Name));
                    Reach(deleted.ResourceVersion);
                    break;
                case WatchEvent<EndpointSlice>.Skipped skipped:
                    if (skipped.IsDeletion)
                    {
                        objects.Remove(Key(skipped.Object.Namespace, skipped.Object.Name));
                    }
                    else
                    {
                        Spoil(skipped.Object, objects);
                    }

                    Reach(skipped.ResourceVersion);
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

            var (hash, endpoints, spoiled) = Sum(objects.Values);
            steps.Add(new(at, e, from, version, hash, endpoints, spoiled, live, synced));
        }

        return steps;

        void Put(EndpointSlice slice)
        {
            var meta = slice.Metadata;
            objects[Key(meta.Namespace, meta.Name)] = new(
                StableHash.Of(meta.Namespace, meta.Name, meta.Uid, meta.ResourceVersion), EndpointsOf(slice, world), IsSpoiled: false);
        }

        void Spoil(SkippedObject skipped, Dictionary<string, Held> before)
        {
            var key = Key(skipped.Namespace, skipped.Name);
            var hash = StableHash.Of(skipped.Namespace, skipped.Name, "", skipped.ResourceVersion);
            objects[key] = new(hash, before.GetValueOrDefault(key).Endpoints, IsSpoiled: true);
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
        WatchEvent<EndpointSlice>.Skipped s => s.ResourceVersion,
        _ => null,
    };

    public static EndpointSlice? ObjectOf(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Added a => a.Object,
        WatchEvent<EndpointSlice>.Modified m => m.Object,
        WatchEvent<EndpointSlice>.Deleted d => d.Object,
        _ => null,
    };

    private static (ulong Hash, ulong Endpoints, int Spoiled) Sum(IEnumerable<Held> objects)
    {
        var (hash, endpoints, spoiled) = (0UL, 0UL, 0);
        foreach (var held in objects)
        {
            (hash, endpoints, spoiled) = (hash + held.Hash, endpoints + held.Endpoints, spoiled + (held.IsSpoiled ? 1 : 0));
        }

        return (hash, endpoints, spoiled);
    }

    // From what identifies the object, so that a wrong content shows.
    private static ulong EndpointsOf(EndpointSlice slice, World world) =>
        int.TryParse(slice.Metadata.Name.AsSpan(1), out var key) && long.TryParse(slice.Metadata.Uid, out var uid)
            ? Thing.EndpointHashOf(key, slice.ServiceName, uid, world.Read(slice.Metadata.ResourceVersion)) : 0;

    private static string Key(string @namespace, string name) => $"{@namespace}/{name}";

    private readonly record struct Held(ulong Hash, ulong Endpoints, bool IsSpoiled);
}
