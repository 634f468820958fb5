using System.Globalization;

namespace Rx.Kube;

/// <summary>The UTF-8 of a name, a separator and a number in decimal, written into one buffer again and again.</summary>
internal readonly struct NumberedName
{
    private const int MostDigits = 10;

    private readonly byte[] _utf8;

    public NumberedName(ReadOnlySpan<byte> name, byte separator) => _utf8 = [.. name, separator, .. new byte[MostDigits]];

    /// <summary>With this number, which is not negative, until the next call.</summary>
    public ReadOnlySpan<byte> With(int number)
    {
        var name = _utf8.Length - MostDigits;
        number.TryFormat(_utf8.AsSpan(name), out var digits, provider: CultureInfo.InvariantCulture);
        return _utf8.AsSpan(0, name + digits);
    }
}
