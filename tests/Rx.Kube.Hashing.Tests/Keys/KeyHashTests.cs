using System.Text;

namespace Rx.Kube.Hashing.Tests.Keys;

public sealed class KeyHashTests
{
    [Theory]
    [InlineData("")]
    [InlineData("user-1")]
    [InlineData("größe €, 𝄞 and 漢字")]
    public void A_string_hashes_as_its_utf8(string key)
    {
        foreach (var text in new[] { key, string.Concat(Enumerable.Repeat(key + "é", 1000)) })
        {
            Assert.Equal(XxHash64.Hash(Encoding.UTF8.GetBytes(text)), KeyHash.Of(text).Value);
            Assert.Equal(KeyHash.Of(Encoding.UTF8.GetBytes(text)), (KeyHash)text);
        }
    }

    [Fact]
    public void Strings_around_the_size_that_fits_the_stack_hash_as_their_utf8()
    {
        for (var length = 160; length < 520; length++)
        {
            var text = new string('é', length);
            Assert.Equal(XxHash64.Hash(Encoding.UTF8.GetBytes(text)), KeyHash.Of(text).Value);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character() => Assert.Equal(KeyHash.Of("x\uFFFDy"), KeyHash.Of("x\uD834y"));

    [Fact]
    public void A_guid_hashes_as_it_is_written_and_a_long_with_its_least_significant_byte_first()
    {
        Assert.Equal(
            XxHash64.Hash(Convert.FromHexString("00112233445566778899aabbccddeeff")),
            KeyHash.Of(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")).Value);
        Assert.Equal(XxHash64.Hash([0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), KeyHash.Of(-2L).Value);
    }

    [Fact]
    public void A_null_string_is_refused() => Assert.Throws<ArgumentNullException>(() => KeyHash.Of((string)null!));

    [Fact]
    public void Hashing_a_key_allocates_nothing()
    {
        var (shortText, longText, guid) = (new string('é', 50), new string('é', 5000), Guid.NewGuid());
        ulong Hashes() => KeyHash.Of(shortText).Value + KeyHash.Of(longText).Value + KeyHash.Of(guid).Value + KeyHash.Of(7L).Value
            + KeyHash.Of("k"u8).Value;
        Hashes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hashes();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
