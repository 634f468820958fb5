using System.Net;

namespace Rx.Kube;

/// <summary>Converts IP addresses to a canonical form, so that two spellings of an address result in one endpoint.</summary>
internal static class IpText
{
    /// <summary>
    /// Gets the canonical text: dotted decimal for IPv4 and for IPv4-mapped IPv6, the compressed lower-case form for IPv6. Text that is not
    /// a plain address (a name, leading zeros that some parsers read as octal, a zone index) is returned unchanged.
    /// </summary>
    public static string Canonical(string address)
    {
        if (!address.Contains(':') || !IsPlainIPv6(address) || !IPAddress.TryParse(address, out var ip))
        {
            return address; // A well-formed dotted decimal has only one spelling.
        }

        var canonical = (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString();
        return canonical == address ? address : canonical;
    }

    private static bool IsPlainIPv6(string address)
    {
        foreach (var c in address)
        {
            if (!char.IsAsciiHexDigit(c) && c is not (':' or '.'))
            {
                return false;
            }
        }

        return !address.Contains('.') || IsDottedDecimal(address.AsSpan(address.LastIndexOf(':') + 1));
    }

    private static bool IsDottedDecimal(ReadOnlySpan<char> text)
    {
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (++octets > 4 || octet.Length is 0 or > 3 || (octet.Length > 1 && octet[0] == '0') ||
                octet.ContainsAnyExceptInRange('0', '9') || int.Parse(octet, provider: null) > 255)
            {
                return false;
            }
        }

        return octets == 4;
    }
}
