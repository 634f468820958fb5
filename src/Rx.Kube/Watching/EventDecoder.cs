using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Decodes the items of lists and the events of watches in one format. An object that does not fit is skipped, and is not an error.
/// </summary>
/// <param name="format">The format of the envelopes.</param>
/// <param name="decode">Decodes an object.</param>
/// <param name="kind">The kind, as error messages name it.</param>
internal sealed class EventDecoder<T>(IWireFormat format, ObjectDecoder<T> decode, string kind)
{
    /// <summary>Gets the format of the envelopes.</summary>
    public IWireFormat Format => format;

    /// <summary>Decodes an item of a list.</summary>
    public bool TryDecodeItem(
        ReadOnlySpan<byte> data, [NotNullWhen(true)] out T? item, [NotNullWhen(false)] out SkippedObject? skipped)
    {
        var decoded = TryDecode(data, out item, out var reason);
        skipped = decoded ? null : Skipped(data, format.ReadVersion(data), reason);
        return decoded;
    }

    /// <summary>Decodes an event of a watch.</summary>
    /// <exception cref="KubeStatusException">It is an ERROR event.</exception>
    /// <exception cref="KubeProtocolException">It is not an event, or lacks what identifies its object, or a valid version.</exception>
    public WatchEvent<T> DecodeEvent(ReadOnlySpan<byte> frame)
    {
        var read = format.ReadEvent(frame, exact: false);
        if (read.Type == FrameType.Error)
        {
            throw ErrorOf(format.ReadEvent(frame, exact: true));
        }

        var version = ResourceVersion.Checked(format.ReadVersion(read.Object), "an event");
        if (read.Type == FrameType.Bookmark)
        {
            return new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = format.EndsInitialEvents(read.Object) };
        }

        if (!TryDecode(read.Object, out var item, out var reason) && !TryDecodeExactly(frame, ref item, ref reason))
        {
            var isDeletion = read.Type == FrameType.Deleted;
            var skipped = Skipped(read.Object, version, reason);
            return isDeletion && skipped.Name.Length == 0
                ? throw new KubeProtocolException("the server sent a deletion without a name: the deleted object is unknown")
                : new WatchEvent<T>.Skipped(skipped, version) { IsDeletion = isDeletion };
        }

        return read.Type switch
        {
            FrameType.Modified => new WatchEvent<T>.Modified(item, version),
            FrameType.Added => new WatchEvent<T>.Added(item, version),
            FrameType.Deleted => new WatchEvent<T>.Deleted(item, version),
            _ => new WatchEvent<T>.Skipped(Skipped(read.Object, version, "the type of the event is unknown"), version),
        };
    }

    private KubeStatusException ErrorOf(WatchFrame frame)
    {
        var (status, retryAfter) = format.ReadStatus(frame.Object, fallbackCode: 500);
        return new KubeStatusException(
            $"the watch of {kind} failed: {status.Code} {Printable.Of(status.Reason)}: {Printable.Of(status.Message, 1000)}",
            status,
            retryAfter);
    }

    /// <summary>Decodes the object again without the format's shortcut, which fails on an envelope of unusual shape.</summary>
    private bool TryDecodeExactly(ReadOnlySpan<byte> frame, [NotNullWhen(true)] ref T? item, ref string reason)
    {
        try
        {
            return TryDecode(format.ReadEvent(frame, exact: true).Object, out item, out reason);
        }
        catch (KubeProtocolException)
        {
            // The frame is broken within an object whose name and version are known, so only this object is lost.
            return false;
        }
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
        return new(@namespace, name, version, reason);
    }
}
