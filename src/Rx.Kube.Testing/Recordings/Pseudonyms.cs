using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.Testing;

/// <summary>
/// Replaces names, uids and addresses by pseudonyms: equal texts get equal ones, other texts other ones. They are numbered in the order in
/// which they come, so that they tell nothing of the text. It grows with the number of different texts.
/// </summary>
internal sealed class Pseudonyms
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _uids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets the pseudonym of a name. A text keeps the first one, so that a host name equals the name of its pod.</summary>
    /// <param name="text">The name.</param>
    /// <param name="what">What has the name, such as <c>pod</c>: the beginning of a new pseudonym.</param>
    public string Name(string text, string what) => Of(_names, text, what);

    /// <summary>Gets the pseudonym of a namespace, a node or a zone.</summary>
    public string Place(string text, string what) => text.Length == 0 ? "" : Of(_places, $"{what}/{text}", what);

    /// <summary>Gets the pseudonym of a uid.</summary>
    public string Uid(string text) => Of(_uids, text, "uid", n => $"00000000-0000-4000-8000-{n:d12}");

    /// <summary>Gets an address of the same family: of 10.0.0.0/8, of 2001:db8::/32, or a host below <c>.example</c>.</summary>
    public string Address(string text)
    {
        var ip = IPAddress.TryParse(text, out var parsed) ? parsed : null;
        return Of(_addresses, ip?.ToString() ?? text, $"{ip?.AddressFamily}", n => ip?.AddressFamily switch
        {
            AddressFamily.InterNetwork => $"10.{(n >> 16) & 255}.{(n >> 8) & 255}.{n & 255}",
            AddressFamily.InterNetworkV6 => new IPAddress(
                [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n]).ToString(),
            _ => string.Create(CultureInfo.InvariantCulture, $"host-{n}.example"),
        });
    }

    private string Of(Dictionary<string, string> known, string text, string what, Func<int, string>? create = null)
    {
        if (text.Length == 0)
        {
            return "";
        }

        if (!known.TryGetValue(text, out var pseudonym))
        {
            var number = _counts[what] = _counts.GetValueOrDefault(what) + 1;
            pseudonym = create?.Invoke(number) ?? string.Create(CultureInfo.InvariantCulture, $"{what}-{number}");
            known.Add(text, pseudonym);
        }

        return pseudonym;
    }
}
