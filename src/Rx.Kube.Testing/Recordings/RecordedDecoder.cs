using System.Collections.Immutable;
using System.Reactive;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Decodes the lines of a recording, one after another, as a watch decodes what a server sends.</summary>
/// <param name="kind">The kind of the objects.</param>
/// <param name="limits">The limits of an object.</param>
/// <param name="start">The wall-clock time of the start.</param>
internal sealed class RecordedDecoder<T>(ResourceKind<T> kind, WireLimits limits, DateTimeOffset start)
{
    private readonly RawDecoder<T> _objects = new(kind, limits);

    /// <summary>Decodes a line; null if the stream emitted nothing.</summary>
    public Notification<WatchEvent<T>>? Decode(RecordedLine line) => line switch
    {
        RecordedLine.Failed failed => Notification.CreateOnError<WatchEvent<T>>(failed.Error),
        RecordedLine.End { IsCompletion: true } => Notification.CreateOnCompleted<WatchEvent<T>>(),
        _ => Event(line) is { } event_ ? Notification.CreateOnNext(event_) : null,
    };

    /// <summary>Decodes the event of a line; null if it has none.</summary>
    public WatchEvent<T>? Event(RecordedLine line) => line switch
    {
        RecordedLine.List list => List(list),
        RecordedLine.Change change => Change(change),
        RecordedLine.Bookmark e => new WatchEvent<T>.Bookmark(e.Version) { EndsInitialEvents = e.EndsInitialEvents },
        RecordedLine.Skipped e => new WatchEvent<T>.Skipped(e.Object, e.Version) { IsDeletion = e.IsDeletion },
        RecordedLine.Opened => new WatchEvent<T>.Opened(),
        RecordedLine.Gap gap => new WatchEvent<T>.Interrupted(gap.Interruption(start)),
        RecordedLine.Resumed => new WatchEvent<T>.Resumed(),
        _ => null,
    };

    private WatchEvent<T>.Listed List(RecordedLine.List list)
    {
        var (items, skipped) = (ImmutableArray.CreateBuilder<T>(list.Items.Length), list.SkippedItems.ToBuilder());
        foreach (var json in list.Items)
        {
            if (_objects.TryDecode(json, out var item, out var reason))
            {
                items.Add(item!);
            }
            else
            {
                skipped.Add(Skipped(json, null, reason));
            }
        }

        return new(items.DrainToImmutable(), list.Version) { SkippedItems = skipped.DrainToImmutable(), Continuity = list.Continuity };
    }

    private WatchEvent<T> Change(RecordedLine.Change change) => _objects.TryDecode(change.Object, out var item, out var reason)
        ? change.Type switch
        {
            RecordingFormat.Modified => new WatchEvent<T>.Modified(item!, change.Version),
            RecordingFormat.Added => new WatchEvent<T>.Added(item!, change.Version),
            _ => new WatchEvent<T>.Deleted(item!, change.Version),
        }
        : new WatchEvent<T>.Skipped(Skipped(change.Object, change.Version, reason), change.Version)
        {
            IsDeletion = change.Type == RecordingFormat.Deleted,
        };

    private static SkippedObject Skipped(ReadOnlyMemory<byte> json, string? version, string reason)
    {
        var its = Metadata(json);
        return new(its.Namespace, its.Name, version ?? its.ResourceVersion, reason);
    }

    // An item that is no object has no name.
    private static RawMetadata Metadata(ReadOnlyMemory<byte> json)
    {
        try
        {
            return RawMetadata.Read(json.Span);
        }
        catch (JsonException)
        {
            return new("", "", "", "");
        }
    }
}
