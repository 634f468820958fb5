using System.Text;

namespace Rx.Kube.Hashing.Tests.Keys;

/// <summary>Published values of XXH64, and a slow implementation of its specification for everything in between.</summary>
public sealed class XxHash64Tests
{
    private const ulong Prime32 = 2654435761;

    [Theory]
    [InlineData(0, 0, 0xEF46DB3751D8E999)]
    [InlineData(0, Prime32, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(1, Prime32, 0x5014607643A9B4C3)]
    [InlineData(4, 0, 0x9136A0DCA57457EE)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(14, Prime32, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(222, Prime32, 0x20CB8AB7AE10C14A)]
    public void The_sanity_vectors_of_xxHash_hold(int length, ulong seed, ulong expected)
    {
        var bytes = new byte[length];
        var generator = Prime32;
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(generator >> 56);
            generator = unchecked(generator * 11400714785074694797);
        }

        Assert.Equal(expected, XxHash64.Hash(bytes, seed));
    }

    [Theory]
    [InlineData("", 0, 0xEF46DB3751D8E999)]
    [InlineData("", 123, 0xE0DB84DE91F3E198)]
    [InlineData("a", 0, 0xD24EC4F1A98C6E5B)]
    [InlineData("asdf", 0, 0x415872F599CEA71E)]
    [InlineData("xxhash", 20141025, 0xB559B98D844E0635)]
    [InlineData("Nobody inspects the spammish repetition", 0, 0xFBCEA83C8A378BF1)]
    public void Texts_hash_as_published(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, XxHash64.Hash(Encoding.UTF8.GetBytes(text), seed));

    [Fact]
    public void Any_bytes_at_any_offset_hash_as_the_specification_says()
    {
        const int randomSeed = 20260101;
        var random = new Random(randomSeed);
        var bytes = new byte[400];
        for (var run = 0; run < 3000; run++)
        {
            random.NextBytes(bytes);
            var length = run < 300 ? run : random.Next(300);
            var span = bytes.AsSpan(random.Next(bytes.Length - length), length);
            var seed = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            Assert.True(SlowXxHash64.Hash(span.ToArray(), seed) == XxHash64.Hash(span, seed),
                $"seed {randomSeed}, run {run}, length {length}");
        }
    }
}
