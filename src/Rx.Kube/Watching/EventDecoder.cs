using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Decodes the items of lists and the events of watches in one format. An object that does not fit is skipped, and is not an error.
/// </summary>
/// <param name="format">The format of the envelopes.</param>
/// <param name="decode">Decodes an object.</param>
/// <param name="kind">The kind, as error messages name it.</param>
/// <param name="outside">Makes what the server sent safe for messages.</param>
internal sealed class EventDecoder<T>(IWireFormat format, ObjectDecoder<T> decode, string kind, OutsideText outside)
{
    internal const int MaxName = 253; // Source: apimachinery util/validation, DNS1123SubdomainMaxLength.
    internal const int MaxReason = 1000;

    /// <summary>Gets the format of the envelopes.</summary>
    public IWireFormat Format => format;

    /// <inheritdoc cref="ResourceVersion.Checked"/>
    public string CheckedVersion(string version, string of) => ResourceVersion.Checked(version, of, outside);

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
    /// <param name="initial">Counts the initial events of a streaming list; null for none.</param>
    /// <returns>False if the frame is only the beginning of an event; the observer then received nothing.</returns>
    /// <exception cref="KubeStatusException">An event is an ERROR event.</exception>
    /// <exception cref="KubeProtocolException">
    /// The frame has something that is not an event, or lacks what identifies its object, or a valid version.
    /// </exception>
    public bool DecodeEvents(ReadOnlySpan<byte> frame, IObserver<WatchEvent<T>> observer, InitialEventLimit<T>? initial = null)
    {
        for (var isFirst = true; !frame.IsEmpty; isFirst = false)
        {
            if (DecodeEvent(ref frame) is not { } decoded)
            {
                return isFirst ? false : throw new KubeProtocolException("the server sent an event that begins on the line of another one");
            }

            initial?.Count(decoded);
            observer.OnNext(decoded);
        }

        return true;
    }

    /// <summary>Decodes the first event of a frame; null if the frame is only its beginning.</summary>
    private WatchEvent<T>? DecodeEvent(ref ReadOnlySpan<byte> frame)
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

        var version = CheckedVersion(format.ReadVersion(read.Object), "an event");
        return read.Type switch
        {
            FrameType.Bookmark => new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = format.EndsInitialEvents(read.Object) },
            FrameType.Unknown => new WatchEvent<T>.Skipped(Skipped(read.Object, version, "the type of the event is unknown"), version),
            _ when !isDecoded => NotDecoded(read, version, reason),
            FrameType.Modified => new WatchEvent<T>.Modified(item!, version),
            FrameType.Added => new WatchEvent<T>.Added(item!, version),
            _ => new WatchEvent<T>.Deleted(item!, version),
        };
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
            reason = e is JsonException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            return false;
        }
    }

    private SkippedObject Skipped(ReadOnlySpan<byte> data, string version, string reason)
    {
        var (@namespace, name, _) = format.ReadIdentity(data);
        return new(
            outside.Of(@namespace, MaxName), outside.Of(name, MaxName), outside.Of(version, ResourceVersion.MaxLength),
            outside.Of(reason, MaxReason))
        {
            Key = new(@namespace, name),
        };
    }
}
