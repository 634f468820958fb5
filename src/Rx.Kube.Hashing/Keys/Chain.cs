using System.Buffers.Binary;
using System.Text;

namespace Rx.Kube;

/// <summary>XXH64 over several values, each step seeded with the hash so far; numbers are 8 bytes, the least significant first.</summary>
internal static class Chain
{
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => XxHash64.Hash(bytes, seed);

    public static ulong Of(string text, ulong seed = 0) => XxHash64.Hash(Encoding.UTF8.GetBytes(text), seed);

    public static ulong Of(ulong number, ulong seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return XxHash64.Hash(bytes, seed);
    }
}
