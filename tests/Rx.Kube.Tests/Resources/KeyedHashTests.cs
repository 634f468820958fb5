using System.Text;

namespace Rx.Kube.Tests.Resources;

/// <summary>The hash of bytes: without its key, no choice of bytes makes it collide.</summary>
public class KeyedHashTests
{
    private const int Count = 20_000;
    private static readonly ulong[] _key =
    [
        0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93,
        0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3,
    ];

    private static readonly ulong[] _other =
    [
        0x2545f4914f6cdd1d, 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53, 0x632be59bd9b4e019,
        0x1d8e4e27c47d124f, 0xeb44accab455d165, 0x9c6e6877736c46e3, 0xd1b54a32d192ed03,
    ];

    [Fact]
    public void Every_process_draws_a_key_of_its_own()
    {
        Assert.Equal(8, KeyedHash.DrawKey().Distinct().Count());
        Assert.Empty(KeyedHash.DrawKey().Intersect(KeyedHash.DrawKey()));
    }

    [Fact]
    public void Two_keys_give_different_hashes() =>
        Assert.DoesNotContain(Texts(), text => KeyedHash.Of(text, _key) == KeyedHash.Of(text, _other));

    [Fact]
    public void Texts_that_share_a_place_under_one_key_are_spread_by_another()
    {
        const ulong Places = 512;
        var together = Enumerable.Range(0, 400_000).Select(i => Encoding.UTF8.GetBytes($"name-{i}"))
            .Where(text => KeyedHash.Of(text, _key) % Places == 7).ToArray();

        // 781 texts at random fill 400 of 512 places.
        Assert.InRange(together.Length, 700, 860);
        Assert.InRange(together.Select(text => KeyedHash.Of(text, _other) % Places).Distinct().Count(), 370, 430);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Texts_of_a_kind_that_collides_in_simple_hashes_do_not_collide(int kind)
    {
        var texts = Enumerable.Range(0, Count).Select(i => Of(kind, i)).ToArray();

        Assert.Equal(Count, texts.Select(text => KeyedHash.Of(text)).Distinct().Count());
        Assert.InRange(texts.Select(text => KeyedHash.Of(text) % 65_536).Distinct().Count(), 16_500, 18_000);

        // Zeros that differ in number; two words whose sum and XOR are the same; exchanged blocks of each length that is read at once.
        static byte[] Of(int kind, int i) => kind switch
        {
            0 => new byte[i],
            1 => [.. BitConverter.GetBytes((long)i), .. BitConverter.GetBytes((long)~i), .. BitConverter.GetBytes((long)i)],
            2 => [.. Block(i / 200, 32), .. Block(i % 200, 32)],
            3 => [.. Block(i / 200, 64), .. Block(i % 200, 64)],
            _ => [.. Block(i / 200, 16), .. Block(i % 200, 16), .. Block(i / 200, 16), .. Block(i % 200, 16)],
        };

        static byte[] Block(int i, int length) => Encoding.ASCII.GetBytes($"{i}".PadLeft(length));
    }

    [Fact]
    public void Every_byte_of_a_text_of_any_length_counts()
    {
        for (var length = 1; length <= 200; length++)
        {
            var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            var hashes = new HashSet<ulong> { KeyedHash.Of(text) };
            for (var at = 0; at < length; at++)
            {
                text[at] ^= 1;
                Assert.True(hashes.Add(KeyedHash.Of(text)), $"byte {at} of {length}");
                text[at] ^= 1;
            }
        }
    }

    private static IEnumerable<byte[]> Texts() =>
        Enumerable.Range(0, Count).Select(i => Encoding.UTF8.GetBytes(new string('a', i % 70) + i));
}
