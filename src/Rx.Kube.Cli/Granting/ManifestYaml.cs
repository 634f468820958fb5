using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rx.Kube.Cli.Granting;

/// <summary>
/// Writes a manifest of objects, arrays and texts as YAML. A text that YAML could read as something else is a JSON string.
/// </summary>
internal static partial class ManifestYaml
{
    // Plain, these would be flags or null: for YAML 1.1, which kubectl reads.
    private static readonly HashSet<string> _words =
        new(["y", "n", "yes", "no", "on", "off", "true", "false", "null"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes an object.</summary>
    /// <param name="manifest">The object.</param>
    /// <param name="indent">The indentation of its lines.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<string> Lines(JsonObject manifest, string indent = "")
    {
        foreach (var (name, value) in manifest)
        {
            switch (value)
            {
                case JsonObject inner:
                    yield return $"{indent}{name}:";
                    foreach (var line in Lines(inner, indent + "  "))
                    {
                        yield return line;
                    }

                    break;
                case JsonArray array when array.All(item => item is JsonValue):
                    yield return $"{indent}{name}: [{string.Join(", ", array.Select(item => Quote((string?)item ?? "")))}]";
                    break;
                case JsonArray array:
                    yield return $"{indent}{name}:";
                    foreach (var (index, line) in array.OfType<JsonObject>().SelectMany(item => Lines(item, indent + "    ").Index()))
                    {
                        yield return index == 0 ? $"{indent}  - {line.TrimStart()}" : line;
                    }

                    break;
                default:
                    yield return $"{indent}{name}: {Scalar((string?)value ?? "")}";
                    break;
            }
        }
    }

    private static string Scalar(string text) => Plain().IsMatch(text) && !_words.Contains(text) ? text : Quote(text);

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9./-]{0,252}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
