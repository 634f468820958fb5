namespace Rx.Kube;

/// <summary>
/// Reads the variable-length numbers of protobuf: seven bits a byte, the lowest ones first. Source: protobuf.dev, "Encoding".
/// </summary>
internal static class ProtobufNumber
{
    /// <summary>The most bytes that a number of 64 bits takes.</summary>
    public const int MaxLength = 10;

    /// <summary>What is wrong with a number of which <see cref="Read"/> says that it is too long.</summary>
    public const string TooLong = "a number has more than 64 bits";

    /// <summary>Reads a number.</summary>
    /// <param name="bytes">The bytes, from its first one.</param>
    /// <param name="value">The number.</param>
    /// <returns>How many bytes it has; 0 if the bytes end before it does, -1 if it has more than 64 bits.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var part = bytes[at];
            if (at == MaxLength - 1 && part > 1)
            {
                return -1;
            }

            value |= (ulong)(part & 0x7f) << (7 * at);
            if (part < 0x80)
            {
                return at + 1;
            }
        }

        return 0;
    }

    /// <summary>Gets the number of a field from what stands before its value; 0 if there is no such field.</summary>
    public static int FieldOf(ulong tag) => tag <= uint.MaxValue ? (int)(tag >> 3) : 0;

    /// <summary>Gets the type of a value from what stands before it.</summary>
    public static ProtobufType TypeOf(ulong tag) => (ProtobufType)(tag & 7);
}

/// <summary>How a value is encoded. API servers do not use the other types: groups (3 and 4).</summary>
internal enum ProtobufType
{
    /// <summary>A number of variable length.</summary>
    Number = 0,

    /// <summary>Eight bytes.</summary>
    Eight = 1,

    /// <summary>A length, and as many bytes: a text, or another message.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Four = 5,
}
