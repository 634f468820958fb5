using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// The names that the host checks before anything is sent. Source: apimachinery util/validation, IsDNS1123Label.
/// </summary>
internal static class KubeName
{
    public const string Rule = "1 to 63 of a-z, 0-9 and -, with neither first nor last a -";
    private static readonly SearchValues<char> _characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' && !name.AsSpan().ContainsAnyExcept(_characters);
}
