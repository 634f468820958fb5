using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>Which ring a process uses, as a header of every request between pods: <c>VERSION/FINGERPRINT</c>.</summary>
internal readonly record struct RingTag(string Version, ulong Fingerprint)
{
    public const string Header = "Cache-Ring";

    public static bool TryParse([NotNullWhen(true)] string? text, out RingTag tag)
    {
        tag = default;
        if (text?.LastIndexOf('/') is not (>= 0 and var slash)
            || !ulong.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fingerprint))
        {
            return false;
        }

        tag = new(text[..slash], fingerprint);
        return true;
    }

    public override string ToString() => $"{Version}/{new KeyHash(Fingerprint)}";
}
