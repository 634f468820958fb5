using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Kube.Hashing.Tests.Keys;

/// <summary>Ranges as sets of hashes.</summary>
public sealed partial class KeyRangeTests
{
    [Fact]
    public void Contains_Intersect_and_Difference_are_those_of_sets_at_both_ends_of_the_space()
    {
        const int span = 6;
        foreach (var origin in new ulong[] { 0, ulong.MaxValue - span, 1UL << 63 })
        {
            foreach (var (one, two) in from one in Ranges(origin) from two in Ranges(origin) select (one, two))
            {
                for (var i = 0; i <= span; i++)
                {
                    var hash = origin + (ulong)i;
                    var key = new KeyHash(hash);
                    Assert.Equal(hash >= one.First && hash <= one.Last, one.Contains(key));
                    Assert.Equal(one.Contains(key) && two.Contains(key), one.Intersect(two)?.Contains(key) ?? false);
                    Assert.Equal(one.Contains(key) && !two.Contains(key), one.Difference(two).Count(range => range.Contains(key)) == 1);
                }

                Assert.Equal(one.Intersect(two), two.Intersect(one));
                Assert.Equal(one.Difference(two).OrderBy(range => range.First), one.Difference(two));
                Assert.Equal(
                    one.Length,
                    one.Difference(two).Aggregate(one.Intersect(two)?.Length ?? 0, (sum, range) => sum + range.Length));
            }
        }

        static IEnumerable<KeyRange> Ranges(ulong origin) =>
            from first in Enumerable.Range(0, span + 1)
            from last in Enumerable.Range(first, span + 1 - first)
            select new KeyRange(origin + (ulong)first, origin + (ulong)last);
    }

    [Fact]
    public void All_hashes_are_a_range_too()
    {
        Assert.Equal(UInt128.One << 64, KeyRange.All.Length);
        Assert.True(KeyRange.All.Contains(new KeyHash(0)) && KeyRange.All.Contains(new KeyHash(ulong.MaxValue)));
        Assert.Empty(new KeyRange(3, 5).Difference(KeyRange.All));
        Assert.Equal([new KeyRange(0, 2), new KeyRange(6, ulong.MaxValue)], KeyRange.All.Difference(new(3, 5)).AsEnumerable());
        Assert.Equal(new KeyRange(0, 0), default);
    }

    [Fact]
    public void A_range_is_written_in_hexadecimal() =>
        Assert.Equal("[0000000000000000, 00000000000000ff]", new KeyRange(0, 255).ToString());

    [Fact]
    public void A_range_is_read_back_from_its_text()
    {
        foreach (var range in new[] { default, KeyRange.All, new(3, 5), new(0xABCDEF0123456789, 0xFFFFFFFFFFFFFFFE) })
        {
            var text = range.ToString();
            Assert.Equal(range, KeyRange.Parse(text));
            Assert.Equal(range, KeyRange.Parse(text.ToUpperInvariant(), CultureInfo.CurrentCulture));
            Assert.Equal(range, Parsed<KeyRange>(text));
            Assert.Equal(text, $"{range,36}");
            var buffer = new char[36];
            Assert.True(range.TryFormat(buffer, out var written, default, null));
            Assert.Equal((text, 36), (new string(buffer), written));
            Assert.False(range.TryFormat(buffer.AsSpan(1), out written, default, null));
            Assert.Equal(0, written);
        }

        Assert.Equal(new KeyRange(0, 255), KeyRange.Parse("[0,fF]"));

        static T Parsed<T>(string text)
            where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[,]")]
    [InlineData("[1]")]
    [InlineData("[1, 2")]
    [InlineData("1, 2]")]
    [InlineData("[2, 1]")]
    [InlineData("[1, 2, 3]")]
    [InlineData("[ 1, 2]")]
    [InlineData("[1,  2]")]
    [InlineData("[1, 2 ]")]
    [InlineData("[-1, 2]")]
    [InlineData("[0x1, 2]")]
    [InlineData("[1, 00000000000000002]")]
    public void A_text_that_is_no_range_is_refused(string? text)
    {
        Assert.False(KeyRange.TryParse(text, null, out var range));
        Assert.Equal(default, range);
        Assert.ThrowsAny<Exception>(() => KeyRange.Parse(text!));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<KeyRange>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void In_JSON_ranges_are_strings_with_and_without_source_generation()
    {
        const string json = """["[0000000000000000, 00000000000000ff]","[0000000000000100, ffffffffffffffff]"]""";
        KeyRange[] ranges = [new(0, 255), new(256, ulong.MaxValue)];
        Assert.Equal(json, JsonSerializer.Serialize(ranges));
        Assert.Equal(json, JsonSerializer.Serialize(ranges, Contracts.Default.KeyRangeArray));
        Assert.Equal(ranges, JsonSerializer.Deserialize(json, Contracts.Default.KeyRangeArray));
        Assert.Equal(ranges, JsonSerializer.Deserialize<KeyRange[]>(json));

        var byRange = new Dictionary<KeyRange, string> { [new(0, 255)] = "cache-1" };
        Assert.Equal("""{"[0000000000000000, 00000000000000ff]":"cache-1"}""", JsonSerializer.Serialize(byRange));
        Assert.Equal(byRange, JsonSerializer.Deserialize<Dictionary<KeyRange, string>>(JsonSerializer.Serialize(byRange)));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<KeyRange>("17"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Dictionary<KeyRange, string>>("""{"17":"cache-1"}"""));
    }

    [JsonSerializable(typeof(KeyRange[]))]
    private sealed partial class Contracts : JsonSerializerContext;
}
