using System.Globalization;

namespace Rx.Kube;

/// <summary>The UTF-8 of a name, a separator and a decimal number, written into one reused buffer.</summary>
internal readonly struct NumberedName
{
    private const int MaxDigits = 10;

    private readonly byte[] _utf8;

    public NumberedName(ReadOnlySpan<byte> name, byte separator) => _utf8 = [.. name, separator, .. new byte[MaxDigits]];

    /// <summary>Gets the text with a number that is not negative. Valid until the next call.</summary>
    public ReadOnlySpan<byte> With(int number)
    {
        var name = _utf8.Length - MaxDigits;
        number.TryFormat(_utf8.AsSpan(name), out var digits, provider: CultureInfo.InvariantCulture);
        return _utf8.AsSpan(0, name + digits);
    }
}
