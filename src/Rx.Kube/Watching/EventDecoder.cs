using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes the items of lists and the events of watches in one format. An object that does not fit is skipped, and is not an error.
/// </summary>
/// <param name="format">The format of the envelopes.</param>
/// <param name="decode">Decodes an object.</param>
/// <param name="kind">The kind, as error messages name it.</param>
/// <param name="outside">Makes what the server sent safe for messages.</param>
/// <param name="limits">The limits.</param>
/// <param name="metadataOf">Reads the metadata of an object; null if its type does not have it.</param>
internal sealed class EventDecoder<T>(
    IWireFormat format, ObjectDecoder<T> decode, string kind, OutsideText outside, WireLimits limits,
    Func<T, ObjectMeta?>? metadataOf = null)
{
    internal const int MaxName = 253; // Source: apimachinery util/validation, DNS1123SubdomainMaxLength.
    internal const int MaxReason = 1000;

    /// <summary>Gets the format of the envelopes.</summary>
    public IWireFormat Format => format;

    /// <inheritdoc cref="ResourceVersion.Checked"/>
    public string CheckedVersion(string version, string of) =>
        ResourceVersion.Checked(version, of, outside, limits.MaxVersionLength);

    /// <summary>Gets the key of an object that was decoded.</summary>
    /// <param name="item">The object.</param>
    /// <param name="data">The same, encoded: where the type does not have its metadata, they are read here.</param>
    public ResourceKey KeyOf(T item, ReadOnlySpan<byte> data)
    {
        if (metadataOf?.Invoke(item) is { } metadata)
        {
            return ResourceKey.Of(metadata);
        }

        var (@namespace, name, _) = format.ReadIdentity(data);
        return new(@namespace, name);
    }

    /// <summary>Decodes an item of a list.</summary>
    public bool TryDecodeItem(
        ReadOnlySpan<byte> data, [NotNullWhen(true)] out T? item, [NotNullWhen(false)] out SkippedObject? skipped)
    {
        var decoded = TryDecode(data, out item, out var reason);
        skipped = decoded ? null : Skipped(data, format.ReadVersion(data), reason);
        return decoded;
    }

    /// <summary>Decodes the events of a frame of a watch: one, if a real API server sent it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="observer">Receives the events.</param>
    /// <param name="watched">Counts the objects; null for not at all.</param>
    /// <returns>False if the frame is only the beginning of an event; the observer then received nothing.</returns>
    /// <exception cref="KubeStatusException">An event is an ERROR event.</exception>
    /// <exception cref="KubeProtocolException">
    /// The frame has something that is not an event, or lacks what identifies its object, or a valid version; or too much would be held.
    /// </exception>
    public bool DecodeEvents(ReadOnlySpan<byte> frame, IObserver<WatchEvent<T>> observer, WatchedObjects? watched = null)
    {
        for (var isFirst = true; !frame.IsEmpty; isFirst = false)
        {
            if (DecodeEvent(ref frame, watched) is not { } decoded)
            {
                return isFirst ? false : throw new KubeProtocolException("the server sent an event that begins on the line of another one");
            }

            observer.OnNext(decoded);
        }

        return true;
    }

    /// <summary>Decodes the first event of a frame; null if the frame is only its beginning.</summary>
    private WatchEvent<T>? DecodeEvent(ref ReadOnlySpan<byte> frame, WatchedObjects? watched)
    {
        var whole = frame;
        var read = format.ReadEvent(whole, exact: false);
        frame = read.Rest;
        T? item = default;
        var reason = "";

        // The shortcut does not tell what follows an event, but then decoding its object fails.
        var isDecoded = HasObject(read.Type) && TryDecode(read.Object, out item, out reason);
        if (!isDecoded)
        {
            read = format.ReadEvent(whole, exact: true);
            frame = read.Rest;
            isDecoded = HasObject(read.Type) && TryDecode(read.Object, out item, out reason);
        }

        if (read.Type is FrameType.Error or FrameType.Incomplete)
        {
            return read.Type == FrameType.Incomplete ? null : throw ErrorOf(read);
        }

        var version = CheckedVersion(
            (isDecoded ? metadataOf?.Invoke(item!)?.ResourceVersion : null) ?? format.ReadVersion(read.Object), "an event");
        WatchEvent<T> decoded = read.Type switch
        {
            FrameType.Bookmark => new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = format.EndsInitialEvents(read.Object) },
            FrameType.Unknown => new WatchEvent<T>.Skipped(Skipped(read.Object, version, "the type of the event is unknown"), version),
            _ when !isDecoded => NotDecoded(read, version, reason),
            FrameType.Modified => new WatchEvent<T>.Modified(item!, version),
            FrameType.Added => new WatchEvent<T>.Added(item!, version),
            _ => new WatchEvent<T>.Deleted(item!, version),
        };
        Count(decoded, read.Object, watched);
        return decoded;
    }

    private void Count(WatchEvent<T> decoded, ReadOnlySpan<byte> data, WatchedObjects? watched)
    {
        switch (decoded)
        {
            case WatchEvent<T>.Modified e:
                watched?.Put(KeyOf(e.Object, data), data.Length);
                break;
            case WatchEvent<T>.Added e:
                watched?.Put(KeyOf(e.Object, data), data.Length);
                break;
            case WatchEvent<T>.Deleted e:
                watched?.Remove(KeyOf(e.Object, data));
                break;
            case WatchEvent<T>.Skipped { IsDeletion: true } e:
                watched?.Remove(e.Object.Key);
                break;
            case WatchEvent<T>.Skipped e:
                watched?.Skip(e.Object.Key, data.Length);
                break;
            case WatchEvent<T>.Bookmark { EndsInitialEvents: true }:
                watched?.EndInitialEvents();
                break;
        }
    }

    private static bool HasObject(FrameType type) => type is FrameType.Added or FrameType.Modified or FrameType.Deleted;

    private WatchEvent<T>.Skipped NotDecoded(WatchFrame read, string version, string reason)
    {
        var isDeletion = read.Type == FrameType.Deleted;
        var skipped = Skipped(read.Object, version, reason);
        return isDeletion && skipped.Name.Length == 0
            ? throw new KubeProtocolException("the server sent a deletion without a name: the deleted object is unknown")
            : new WatchEvent<T>.Skipped(skipped, version) { IsDeletion = isDeletion };
    }

    private KubeStatusException ErrorOf(WatchFrame frame)
    {
        var (read, retryAfter) = format.ReadStatus(frame.Object, fallbackCode: 500);
        var status = outside.Of(read);
        return new KubeStatusException(
            $"the watch of {kind} failed: {status.Code} {Printable.Of(status.Reason)}: {Printable.Of(status.Message, 1000)}",
            status,
            retryAfter);
    }

    private bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out T? item, out string reason)
    {
        try
        {
            item = decode(data)!;
            reason = "";
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder may be user code; whatever it throws concerns this object only.
            item = default;
            reason = e is JsonException or ProtobufException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            return false;
        }
    }

    private SkippedObject Skipped(ReadOnlySpan<byte> data, string version, string reason)
    {
        var (@namespace, name, _) = format.ReadIdentity(data);
        return new(
            outside.Of(@namespace, MaxName), outside.Of(name, MaxName), outside.Of(version, limits.MaxVersionLength),
            outside.Of(reason, MaxReason))
        {
            Key = new(@namespace, name),
        };
    }
}
