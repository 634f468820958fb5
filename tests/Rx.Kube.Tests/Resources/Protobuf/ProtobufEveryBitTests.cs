using System.Text.Json;
using Rx.Kube.Simulator.Protobuf;
using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Resources.Protobuf;

/// <summary>
/// A decoder that remembers the last bytes of a slice returns what a decoder without a memory returns, whatever changed in the bytes: the
/// tests of <see cref="KnownSliceTests"/> for protobuf. The bytes come from the simulator's writer, which shares no code with the decoder.
/// </summary>
public sealed class ProtobufEveryBitTests
{
    private static readonly byte[] _slice = Bytes(new ServerSlice(2).Text());
    private readonly ProtobufSliceDecoder _plain = new(remembers: false);

    [Fact]
    public void Every_bit_of_the_bytes_counts() => AllEqual(Enumerable.Range(0, 8 * _slice.Length).Select(i =>
    {
        byte[] flipped = [.. _slice];
        flipped[i / 8] ^= (byte)(1 << (i % 8));
        return flipped;
    }));

    [Theory]
    [InlineData(0)]
    [InlineData((1 << 3) | 0)] // the tags of fields: a number, a text or message, of a group that ends, of 32 bits
    [InlineData((1 << 3) | 2)]
    [InlineData((2 << 3) | 2)]
    [InlineData((1 << 3) | 4)]
    [InlineData((1 << 3) | 5)]
    [InlineData('9')]
    [InlineData('z')]
    [InlineData(0x7f)]
    [InlineData(0x80)] // a number that goes on, and no UTF-8
    [InlineData(0xc3)]
    [InlineData(0xff)]
    public void Every_class_of_bytes_counts_everywhere(byte inserted) => AllEqual(
        Enumerable.Range(0, _slice.Length).SelectMany(i => (byte[][])
            [[.. _slice[..i], inserted, .. _slice[i..]], [.. _slice[..i], inserted, .. _slice[(i + 1)..]]]));

    [Fact]
    public void Every_end_counts() => AllEqual(Enumerable.Range(0, _slice.Length).SelectMany(i => (byte[][])
        [_slice[..i], [.. _slice[..i], .. _slice[(i + 1)..]]]));

    [Fact]
    public void Every_field_counts_when_it_changes_or_goes_or_comes_twice_or_has_another_type()
    {
        var changed = Changes(_slice).ToList();
        Assert.True(changed.Count > 500);
        AllEqual(changed);

        // Most changes are no mistakes: they give another slice.
        Assert.InRange(changed.Select(ResultOf).OfType<Models.EndpointSlice>().Distinct().Count(), 100, changed.Count);
    }

    private object ResultOf(byte[] bytes) => ResultOf(_plain, bytes);

    // Whatever can be read as a message is: a text as well, by chance.
    private static IEnumerable<byte[]> Changes(byte[] message)
    {
        foreach (var (begin, end, field, value) in FieldsOf(message) ?? [])
        {
            byte[] With(params byte[] content) => [.. message[..begin], .. content, .. message[end..]];
            yield return With();
            yield return With([.. message[begin..end], .. message[begin..end]]);
            yield return With(Field(field, 1UL));
            yield return With(Field(field, 4711UL));
            yield return With(Field(field, "other"));
            yield return With(Field(field, ""));
            yield return With([.. message[begin..end], .. Field(field, "")]);
            yield return With([.. Field(15, "unknown"), .. message[begin..end]]);
            foreach (var changed in value is null ? [] : Changes(value))
            {
                yield return With(Field(field, changed));
            }

            if (value is { Length: > 0 })
            {
                yield return With(Field(field, [.. value, (byte)'x']));
            }
        }
    }

    // Null if the bytes are no message of numbers, texts and messages.
    private static List<(int Begin, int End, int Field, byte[]? Value)>? FieldsOf(byte[] message)
    {
        var fields = new List<(int, int, int, byte[]?)>();
        for (int at = 0, begin = 0; at < message.Length; begin = at)
        {
            if (Read(ref at) is not { } tag || Read(ref at) is not { } value || (tag & 7) is not (0 or 2) || tag >> 3 == 0)
            {
                return null;
            }

            var length = (tag & 7) == 2 ? (int)Math.Min(value, int.MaxValue / 2) : 0;
            if (at + length > message.Length)
            {
                return null;
            }

            fields.Add((begin, at + length, (int)(tag >> 3), (tag & 7) == 2 ? message[at..(at + length)] : null));
            at += length;
        }

        return fields;

        ulong? Read(ref int at)
        {
            var value = 0UL;
            for (var shift = 0; at < message.Length && shift < 63; shift += 7)
            {
                value |= (ulong)(message[at] & 0x7f) << shift;
                if (message[at++] < 0x80)
                {
                    return value;
                }
            }

            return null;
        }
    }

    private void AllEqual(IEnumerable<byte[]> changes)
    {
        var first = _plain.Decode(_slice);
        foreach (var changed in changes)
        {
            var decoder = new ProtobufSliceDecoder();
            var remembered = decoder.Decode(_slice); // as long as it is in use
            var (expected, actual) = (ResultOf(_plain, changed), ResultOf(decoder, changed));
            Assert.True(Equals(expected, actual), $"{Convert.ToHexString(changed)} is {expected} and not {actual}");
            Assert.Equal(first, decoder.Decode(_slice));
            Assert.Equal(first, remembered);
        }
    }

    private static object ResultOf(ProtobufSliceDecoder decoder, byte[] bytes)
    {
        try
        {
            return decoder.Decode(bytes);
        }
        catch (ProtobufException e)
        {
            return e.Message;
        }
    }

    private static byte[] Bytes(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return ProtobufWriter.Message("EndpointSlice", document.RootElement);
    }
}
