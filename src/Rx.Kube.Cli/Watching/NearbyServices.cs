using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Watching;

/// <summary>Finds the Services that a user may have meant. All texts are escaped.</summary>
internal static class NearbyServices
{
    private const int Most = 5;

    /// <summary>Says what to do when a Service has no slice.</summary>
    /// <param name="service">The Service that was asked for.</param>
    /// <param name="others">The Services that have slices, in its namespace and of its name; null if they are unknown.</param>
    /// <returns>One or two sentences.</returns>
    public static string Hint(ServiceName service, IReadOnlyCollection<ServiceName>? others)
    {
        if (others is null)
        {
            return "To fix: check the name and the namespace (-n).";
        }

        if (others.Where(o => o.Name == service.Name && o.Namespace != service.Namespace).Select(o => o.Namespace).ToList() is
            { Count: > 0 } elsewhere)
        {
            return $"To fix: add -n {List(elsewhere, " or -n ")}, where a Service of this name has slices.";
        }

        var here = others.Where(o => o.Namespace == service.Namespace).Select(o => o.Name).Distinct().ToList();
        var near = here.Where(name => IsNear(name, service.Name)).OrderBy(name => Distance(name, service.Name))
            .ThenBy(name => name, StringComparer.Ordinal).ToList();
        return near.Count > 0 ? $"Did you mean {List(near, " or ")}?"
            : here.Count == 0 ? "No Service in this namespace has a slice. To fix: check the namespace (-n)."
            : $"To fix: check the name; Services with slices in this namespace: {List(here.Order(StringComparer.Ordinal), ", ")}.";
    }

    /// <summary>Counts the single-character edits (insert, delete, replace, swap of neighbours) between two names.</summary>
    /// <param name="one">A name.</param>
    /// <param name="other">Another name.</param>
    /// <returns>The number of edits.</returns>
    public static int Distance(string one, string other)
    {
        var edits = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                edits[i, j] = (i, j) switch
                {
                    (_, 0) => i,
                    (0, _) => j,
                    _ => Math.Min(
                        Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[one.Length, other.Length];
    }

    private static bool IsNear(string name, string asked) =>
        Distance(name, asked) <= Math.Max(1, asked.Length / 3) || name.Contains(asked, StringComparison.Ordinal) ||
        (name.Length > 2 && asked.Contains(name, StringComparison.Ordinal));

    private static string List(IEnumerable<string> names, string separator) =>
        string.Join(separator, names.Take(Most).Select(n => EndpointFormat.Name(n)));
}
