namespace Rx.Kube.Cli.CommandLine;

/// <summary>Finds the names that a mistyped name may stand for.</summary>
internal static class NearNames
{
    private const int MaxNames = 3;
    private const int MaxLength = 300;

    /// <summary>Formats a question: <c> Did you mean watch?</c></summary>
    /// <param name="typed">What the user typed.</param>
    /// <param name="known">The valid names.</param>
    /// <returns>The question with a leading blank; empty when no name is near. Not escaped.</returns>
    public static string Question(string typed, IEnumerable<string> known) =>
        Of(typed, known) is { Count: > 0 } near ? $" Did you mean {string.Join(" or ", near)}?" : "";

    /// <summary>Finds the names near a mistyped one: with few typing errors, or that continue it.</summary>
    /// <param name="typed">What the user typed.</param>
    /// <param name="known">The valid names.</param>
    /// <returns>At most three names, the nearest first.</returns>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> known)
    {
        // A third of the characters may be wrong; in a short name, one.
        var limit = Math.Max(1, typed.Length / 3);
        return typed.Length is 0 or > MaxLength ? [] :
        [
            .. known.Where(name => name.Length <= MaxLength).Distinct(StringComparer.Ordinal)
                .Select(name => (Name: name, Errors: Errors(typed, name, limit))).Where(n => n.Errors <= limit)
                .OrderBy(n => n.Errors).ThenBy(n => n.Name, StringComparer.Ordinal).Take(MaxNames).Select(n => n.Name),
        ];
    }

    private static int Errors(string typed, string name, int limit) =>
        typed.Length > 1 && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 1
        : Math.Abs(typed.Length - name.Length) > limit ? int.MaxValue
        : Distance(typed.ToLowerInvariant(), name.ToLowerInvariant());

    /// <summary>Counts the characters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    /// <param name="a">A name.</param>
    /// <param name="b">Another name.</param>
    /// <returns>The number of edits.</returns>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
