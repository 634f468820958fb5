using System.Globalization;

namespace Rx.Kube.Simulator.Http;

/// <summary>A media type that a client accepts, in the order of its preference.</summary>
/// <param name="MediaType">The type, as it was sent.</param>
/// <param name="Parameters">The parameters, the quality value as well.</param>
internal sealed record AcceptClause(string MediaType, ILookup<string, string> Parameters)
{
    private readonly double _quality = Parameters["q"].FirstOrDefault() is not { } q ? 1
        : double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : 0;

    /// <summary>
    /// The clauses of a header, in the order of a real server (munnerz/goautoneg): by quality, wildcards last; where both say something
    /// else, the order of the header matters. A quality of 0 comes last, and is not refused.
    /// </summary>
    internal static IReadOnlyList<AcceptClause> Parse(string accept, int most)
    {
        var clauses = new List<AcceptClause>();
        foreach (var text in accept.Split(',').Take(most))
        {
            var parts = text.Split(';', StringSplitOptions.TrimEntries);
            var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
            var at = clauses.Count;
            clauses.Add(new(parts[0], parameters));
            for (; at > 0 && clauses[at].GoesBefore(clauses[at - 1]); at--)
                (clauses[at], clauses[at - 1]) = (clauses[at - 1], clauses[at]);
        }
        return clauses;
    }

    internal string? Parameter(string name) => Parameters[name].FirstOrDefault();

    private bool GoesBefore(AcceptClause other) =>
        _quality > other._quality
        || (!MediaType.StartsWith("*/", StringComparison.Ordinal) && other.MediaType.StartsWith("*/", StringComparison.Ordinal))
        || (!MediaType.EndsWith("/*", StringComparison.Ordinal) && other.MediaType.EndsWith("/*", StringComparison.Ordinal));
}
