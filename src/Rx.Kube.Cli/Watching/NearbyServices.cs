using Rx.Kube.Cli.CommandLine;
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
        var near = here.Where(name => IsNear(name, service.Name)).OrderBy(name => NearNames.Distance(name, service.Name))
            .ThenBy(name => name, StringComparer.Ordinal).ToList();
        return near.Count > 0 ? $"Did you mean {List(near, " or ")}?"
            : here.Count == 0 ? "No Service in this namespace has a slice. To fix: check the namespace (-n)."
            : $"To fix: check the name; Services with slices in this namespace: {List(here.Order(StringComparer.Ordinal), ", ")}.";
    }

    private static bool IsNear(string name, string asked) =>
        NearNames.Distance(name, asked) <= Math.Max(1, asked.Length / 3) || name.Contains(asked, StringComparison.Ordinal) ||
        (name.Length > 2 && asked.Contains(name, StringComparison.Ordinal));

    private static string List(IEnumerable<string> names, string separator) =>
        string.Join(separator, names.Take(Most).Select(n => EndpointFormat.Name(n)));
}
