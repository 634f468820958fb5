using System.Text;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// What the decoder remembers of the text of one slice: fingerprints of the parts around the values that change with every write (version,
/// generation, trigger time, times of managed fields), and of the endpoints. If the text of the next event has the same parts, only these
/// values and the endpoints that changed are read: with one endpoint in the slice, 0.5 µs instead of 4 µs, most of which parses labels,
/// owners and managed fields once more. Any other text is parsed as a whole. <c>KnownSliceTests</c> change every bit, and
/// compare with a decoder that remembers nothing.
/// </summary>
/// <remarks>
/// It belongs to the newest value of the slice's endpoints, and moves on with each event, so that an old snapshot does not keep newer ones
/// alive. Used by one thread at a time: who does not get it parses everything.
/// </remarks>
internal sealed class KnownSlice
{
    private readonly Part[] _parts; // up to the opening bracket of the endpoints; the last one is what follows the endpoints
    private int _isTaken;

    private KnownSlice(EndpointSlice slice, Part[] parts, EndpointPrints endpoints) =>
        (Slice, _parts, Endpoints) = (slice, parts, endpoints);

    /// <summary>Gets the last value of the slice.</summary>
    public EndpointSlice Slice { get; private set; }

    /// <summary>Gets the fingerprints of the endpoints.</summary>
    public EndpointPrints Endpoints { get; }

    /// <summary>Gets the fingerprint of the first part: up to the version, so with the name and the namespace.</summary>
    public Part First => _parts[0];

    /// <summary>Remembers a slice; null if its text is not one that can be recognized.</summary>
    /// <param name="json">The text.</param>
    /// <param name="shape">Where its parts are.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="read">Its endpoints, as they were read.</param>
    /// <param name="before">What was known of the slice, which this replaces; null for nothing.</param>
    public static KnownSlice? Of(
        ReadOnlySpan<byte> json, in SliceShape shape, EndpointSlice slice, ReadEndpoints read, KnownSlice? before)
    {
        var values = shape.Values;
        if (!shape.IsUsual || values[0].Value != VolatileValue.ResourceVersion || slice.Endpoints.IsEmpty)
        {
            return null;
        }

        var parts = new Part[values.Count + 2];
        var at = shape.Metadata;
        for (var i = 0; i < values.Count; i++)
        {
            var (value, start, length) = values[i];
            if (value != VolatileValue.Ignored && Array.Exists(parts, p => p.Next == value))
            {
                return null; // Of two values with the same name the last one counts.
            }

            parts[i] = Part.Of(json[at..start], value);
            at = start + length;
        }

        parts[^2] = Part.Of(json[at..shape.Endpoints], default);
        parts[^1] = Part.Of(json[shape.EndpointsEnd..], default);
        var known = new KnownSlice(slice, parts, before?.Endpoints ?? new EndpointPrints());
        known.Become(json, read, before?.Slice.Endpoints ?? SliceEndpoints.Empty, slice);
        return known;
    }

    /// <summary>Takes it for one text. Returns false if another thread has it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Gives it back.</summary>
    public void Release() => Volatile.Write(ref _isTaken, 0);

    /// <summary>Reads the next text of the slice.</summary>
    /// <param name="json">The text. Its first part was recognized.</param>
    /// <param name="at">The position of the metadata.</param>
    /// <param name="reader">Reads the endpoints.</param>
    /// <param name="read">Takes what was read of the endpoints.</param>
    /// <returns>The slice; null, and nothing has changed, if the text has other parts.</returns>
    /// <exception cref="JsonException">The endpoints are not what they should be.</exception>
    public EndpointSlice? Read(ReadOnlySpan<byte> json, int at, EndpointArrayReader reader, ReadEndpoints read)
    {
        var metadata = Slice.Metadata;
        var (version, trigger) = (metadata.ResourceVersion, metadata.LastChangeTriggerTime);
        for (var i = 0; i < _parts.Length - 1; i++)
        {
            ref readonly var part = ref _parts[i];
            if (i > 0 && !part.Begins(json[at..]))
            {
                return null;
            }

            at += part.Length;
            if (i == _parts.Length - 2)
            {
                break;
            }

            var length = part.Next == VolatileValue.Generation ? DigitsOf(json[at..]) : LettersOf(json[at..]);
            if (length <= 0)
            {
                return null;
            }

            if (part.Next == VolatileValue.ResourceVersion)
            {
                version = Encoding.ASCII.GetString(json.Slice(at, length));
            }
            else if (part.Next == VolatileValue.TriggerTime)
            {
                var time = new Utf8JsonReader(json.Slice(at - 1, length + 2));
                time.Read();
                trigger = JsonFields.TimeOf(ref time);
            }

            at += length;
        }

        var before = Slice.Endpoints;
        at = reader.Read(json, at, before, Endpoints, read);
        ref readonly var last = ref _parts[^1];
        return json.Length - at == last.Length && last.Begins(json[at..])
            ? Become(json, read, before, Slice with
            {
                Metadata = metadata with { ResourceVersion = version, LastChangeTriggerTime = trigger },
                Endpoints = read.ApplyTo(before),
            })
            : null;
    }

    private EndpointSlice Become(ReadOnlySpan<byte> json, ReadEndpoints read, SliceEndpoints before, EndpointSlice next)
    {
        Endpoints.Apply(json, before, read);
        Hand(before, to: null);
        Hand(next.Endpoints, to: this);
        return Slice = next;
    }

    // The empty value is shared by all slices.
    private static void Hand(SliceEndpoints endpoints, KnownSlice? to) => endpoints.Known = endpoints.IsEmpty ? null : to;

    // What JSON allows in a string without an escape, and ASCII.
    private static int LettersOf(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOf((byte)'"');
        return length > 0 && !text[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text[..length].Contains((byte)'\\')
            ? length
            : -1;
    }

    private static int DigitsOf(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length == 1 || (length > 1 && text[0] != (byte)'0') ? length : -1;
    }

    /// <summary>The fingerprint of a part of the text, and the value after it.</summary>
    internal readonly record struct Part(ulong Hash, int Length, VolatileValue Next)
    {
        public static Part Of(ReadOnlySpan<byte> text, VolatileValue next) => new(KeyedHash.Of(text), text.Length, next);

        public bool Begins(ReadOnlySpan<byte> text) => Length <= text.Length && KeyedHash.Of(text[..Length]) == Hash;
    }
}
