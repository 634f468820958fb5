using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Rx.Kube;

/// <summary>
/// The hashes from <see cref="First"/> to <see cref="Last"/>, both included. A range never wraps around and is never empty: the hashes
/// beyond the largest token, which the ring's first token owns, form a separate range.
/// </summary>
/// <remarks>
/// The text of a range, such as <c>[0000000000000000, 00000000000000ff]</c>, has both bounds in hexadecimal. In JSON, a range is a string
/// with this text, because a JSON number would lose digits. This also works with source-generated contracts.
/// </remarks>
[JsonConverter(typeof(KeyRangeJsonConverter))]
public readonly record struct KeyRange : ISpanParsable<KeyRange>, ISpanFormattable
{
    private const int Digits = 16;

    /// <summary>The length of the text of a range.</summary>
    internal const int TextLength = (2 * Digits) + 4;

    /// <summary>Creates the range from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    /// <param name="first">The smallest hash.</param>
    /// <param name="last">The largest hash.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is less than <paramref name="first"/>.</exception>
    public KeyRange(ulong first, ulong last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        (First, Last) = (first, last);
    }

    /// <summary>Gets the range of all hashes.</summary>
    public static KeyRange All => new(0, ulong.MaxValue);

    /// <summary>Gets the smallest hash in the range.</summary>
    public ulong First { get; }

    /// <summary>Gets the largest hash in the range.</summary>
    public ulong Last { get; }

    /// <summary>Gets the number of hashes in the range, from 1 to 2^64.</summary>
    public UInt128 Length => (UInt128)(Last - First) + 1;

    /// <summary>Converts a number of hashes into a share of all hashes, from 0 to 1.</summary>
    internal static double Fraction(UInt128 hashes) => (double)hashes / 18446744073709551616.0;

    /// <summary>Gets whether a key is in the range.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether its hash is in the range.</returns>
    public bool Contains(KeyHash key) => key.Value >= First && key.Value <= Last;

    /// <summary>Gets the hashes that are in both ranges.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>The common range; null if there is none.</returns>
    public KeyRange? Intersect(KeyRange other)
    {
        var (first, last) = (Math.Max(First, other.First), Math.Min(Last, other.Last));
        return first <= last ? new KeyRange(first, last) : null;
    }

    /// <summary>Gets the hashes that are in this range and not in another one.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>Zero, one or two ranges, in ascending order.</returns>
    public ImmutableArray<KeyRange> Difference(KeyRange other)
    {
        if (Intersect(other) is not { } both)
        {
            return [this];
        }

        var rest = ImmutableArray.CreateBuilder<KeyRange>(2);
        if (both.First > First)
        {
            rest.Add(new KeyRange(First, both.First - 1));
        }

        if (both.Last < Last)
        {
            rest.Add(new KeyRange(both.Last + 1, Last));
        }

        return rest.DrainToImmutable();
    }

    /// <summary>Gets the bounds in hexadecimal, 16 digits each.</summary>
    /// <returns>The text, such as <c>[0000000000000000, 00000000000000ff]</c>.</returns>
    public override string ToString() => $"[{new KeyHash(First)}, {new KeyHash(Last)}]";

    /// <summary>Gets the bounds in hexadecimal, 16 digits each.</summary>
    /// <param name="format">Ignored: there is one format.</param>
    /// <param name="formatProvider">Ignored: the text is the same in every culture.</param>
    /// <returns>The text, such as <c>[0000000000000000, 00000000000000ff]</c>.</returns>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes the bounds in hexadecimal, 16 digits each: 36 characters.</summary>
    /// <param name="destination">The buffer.</param>
    /// <param name="charsWritten">The number of characters written: 36, or 0 if the buffer is too small.</param>
    /// <param name="format">Ignored: there is one format.</param>
    /// <param name="provider">Ignored: the text is the same in every culture.</param>
    /// <returns>False if the buffer is too small.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"[{First:x16}, {Last:x16}]", out charsWritten);

    /// <summary>Reads the text of a range.</summary>
    /// <param name="s">
    /// The text, such as <c>[0000000000000000, 00000000000000ff]</c>: both bounds in hexadecimal, in upper or lower case, with 1 to 16
    /// digits each. The space may be missing.
    /// </param>
    /// <param name="provider">Ignored: the text is the same in every culture.</param>
    /// <returns>The range.</returns>
    /// <exception cref="FormatException">The text is not a range, or the last hash is less than the first one.</exception>
    public static KeyRange Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) => TryParse(s, provider, out var range)
        ? range
        : throw new FormatException(
            "The text is not a range of hashes. To fix: give the two bounds in hexadecimal, the smaller one first, as in '[00ff, 01ff]'.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider)"/>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    public static KeyRange Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads the text of a range, if it is one.</summary>
    /// <param name="s">The text, as for <see cref="Parse(ReadOnlySpan{char}, IFormatProvider)"/>.</param>
    /// <param name="provider">Ignored: the text is the same in every culture.</param>
    /// <param name="result">The range.</param>
    /// <returns>False if the text is not a range.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out KeyRange result)
    {
        result = default;
        var comma = s.IndexOf(',');
        if (s is not ['[', .., ']'] || comma < 0)
        {
            return false;
        }

        var last = s[(comma + 1)..^1];
        last = last is [' ', ..] ? last[1..] : last;
        if (!TryParseHash(s[1..comma], out var from) || !TryParseHash(last, out var to) || to < from)
        {
            return false;
        }

        result = new KeyRange(from, to);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider, out KeyRange)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out KeyRange result) =>
        TryParse(s.AsSpan(), provider, out result);

    private static bool TryParseHash(ReadOnlySpan<char> text, out ulong hash)
    {
        hash = 0;
        return text.Length <= Digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash);
    }
}
