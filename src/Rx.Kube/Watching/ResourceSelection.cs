using System.Buffers;
using System.Text;

namespace Rx.Kube;

/// <summary>Which objects of a kind are meant.</summary>
public sealed record ResourceSelection
{
    private static readonly SearchValues<char> _labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The namespace, a DNS label; null for all namespaces, or for a cluster-scoped kind.</summary>
    public string? Namespace
    {
        get;
        init => field = value is null ? null : Checked(value);
    }

    /// <summary>A label selector, such as <c>app=cache,tier in (a,b)</c>; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>A field selector, such as <c>metadata.name=cache</c>; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>How much is taken from the server at once.</summary>
    public WireLimits Limits { get; init; } = WireLimits.Default;

    internal string PathOf<T>(ResourceKind<T> kind)
    {
        if (!kind.Namespaced && Namespace is not null)
        {
            throw new ArgumentException($"{kind} is cluster-scoped: leave the namespace out");
        }

        var root = kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
        return Namespace is null ? $"{root}/{kind.Plural}" : $"{root}/namespaces/{Namespace}/{kind.Plural}";
    }

    internal StringBuilder Query(string path)
    {
        var query = new StringBuilder(path).Append('?');
        if (!string.IsNullOrEmpty(LabelSelector))
        {
            query.Append("&labelSelector=").Append(Uri.EscapeDataString(LabelSelector));
        }

        if (!string.IsNullOrEmpty(FieldSelector))
        {
            query.Append("&fieldSelector=").Append(Uri.EscapeDataString(FieldSelector));
        }

        return query;
    }

    /// <summary>A name that stands in a path: a DNS label, so that it cannot lead elsewhere.</summary>
    private static string Checked(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' &&
        !name.AsSpan().ContainsAnyExcept(_labelCharacters)
            ? name
            : throw new ArgumentException(
                "a namespace is a DNS label: 1 to 63 of a-z, 0-9 and -, neither first nor last a -; leave it null for all namespaces");
}
