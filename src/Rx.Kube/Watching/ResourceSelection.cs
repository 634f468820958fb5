using System.Buffers;

namespace Rx.Kube;

/// <summary>Selects objects of a kind. The default selects all objects.</summary>
public sealed record ResourceSelection
{
    private static readonly SearchValues<char> _labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Gets the namespace, a DNS label; null for all namespaces, or for a cluster-scoped kind.</summary>
    public string? Namespace
    {
        get;
        init => field = value is null ? null : Checked(value);
    }

    /// <summary>Gets a label selector, such as <c>app=cache,tier in (a,b)</c>; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Gets a field selector, such as <c>metadata.name=cache</c>; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Gets the limits on what the server sends.</summary>
    public WireLimits Limits { get; init; } = WireLimits.Default;

    /// <summary>Checks a name that becomes a segment of a path: a DNS label cannot lead to another path.</summary>
    private static string Checked(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' &&
        !name.AsSpan().ContainsAnyExcept(_labelCharacters)
            ? name
            : throw new ArgumentException(
                "A namespace is a DNS label: 1 to 63 of a-z, 0-9 and -, and neither its first nor its last character is a -. "
                + "To fix: correct the name, or leave it null for all namespaces.");
}
