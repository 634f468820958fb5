using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>
/// Decodes raw objects, as a watch decodes what a server sends. An object that does not fit is skipped, and is not an error.
/// </summary>
/// <param name="kind">The kind of the objects.</param>
/// <param name="limits">The limits of an object; null for the defaults.</param>
internal sealed class RawDecoder<T>(ResourceKind<T> kind, WireLimits? limits)
{
    private const int MaxReason = 1000; // as in Rx.Kube, EventDecoder.MaxReason
    private readonly ObjectDecoder<T> _decode = kind.CreateDecoder(limits);

    /// <summary>Decodes the objects of an event.</summary>
    public WatchEvent<T> Decode(WatchEvent<RawObject> next) => next switch
    {
        WatchEvent<RawObject>.Listed e => List(e),
        WatchEvent<RawObject>.Modified e => Change(
            e.Object, e.ResourceVersion, item => new WatchEvent<T>.Modified(item, e.ResourceVersion)),
        WatchEvent<RawObject>.Added e => Change(e.Object, e.ResourceVersion, item => new WatchEvent<T>.Added(item, e.ResourceVersion)),
        WatchEvent<RawObject>.Deleted e => Change(
            e.Object, e.ResourceVersion, item => new WatchEvent<T>.Deleted(item, e.ResourceVersion), isDeletion: true),
        WatchEvent<RawObject>.Bookmark e => new WatchEvent<T>.Bookmark(e.ResourceVersion) { EndsInitialEvents = e.EndsInitialEvents },
        WatchEvent<RawObject>.Skipped e => new WatchEvent<T>.Skipped(e.Object, e.ResourceVersion) { IsDeletion = e.IsDeletion },
        WatchEvent<RawObject>.Interrupted e => new WatchEvent<T>.Interrupted(e.Interruption)
        {
            Evidence = e.Evidence,
            Selection = e.Selection,
        },
        WatchEvent<RawObject>.Resumed => new WatchEvent<T>.Resumed(),
        _ => new WatchEvent<T>.Opened(),
    };

    /// <summary>Decodes an object.</summary>
    public bool TryDecode(ReadOnlyMemory<byte> json, out T? item, out string reason)
    {
        try
        {
            (item, reason) = (_decode(json.Span), "");
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder may be user code; whatever it throws concerns this object only.
            reason = SafeText.Of(e is JsonException ? e.Message : $"{e.GetType().Name}: {e.Message}", MaxReason);
            item = default;
            return false;
        }
    }

    private WatchEvent<T>.Listed List(WatchEvent<RawObject>.Listed list)
    {
        var (items, skipped) = (ImmutableArray.CreateBuilder<T>(list.Items.Length), list.SkippedItems.ToList());
        foreach (var raw in list.Items)
        {
            if (TryDecode(raw.Json, out var item, out var reason))
            {
                items.Add(item!);
            }
            else
            {
                skipped.Add(Skipped(raw, raw.Metadata.ResourceVersion, reason));
            }
        }

        return new(items.DrainToImmutable(), list.ResourceVersion)
        {
            SkippedItems = [.. skipped],
            Continuity = list.Continuity,
            Evidence = list.Evidence,
            Selection = list.Selection,
        };
    }

    private WatchEvent<T> Change(RawObject raw, string version, Func<T, WatchEvent<T>> create, bool isDeletion = false) =>
        TryDecode(raw.Json, out var item, out var reason)
            ? create(item!)
            : new WatchEvent<T>.Skipped(Skipped(raw, version, reason), version) { IsDeletion = isDeletion };

    private static SkippedObject Skipped(RawObject raw, string version, string reason) =>
        new(raw.Metadata.Namespace, raw.Metadata.Name, version, reason);
}
