using System.Text;
using System.Text.Json;

namespace Rx.Kube.Cli.Templates;

/// <summary>
/// Represents the template of <c>-o template=TEXT</c>: text with fields of the JSON, in the notation of Go's templates, which kubectl,
/// docker and gh have, without its functions. The libraries for templates of .NET look members up by reflection, which a native program
/// does not have.
/// </summary>
internal sealed class Template
{
    private readonly IReadOnlyList<TemplatePart> _parts;

    private Template(IReadOnlyList<TemplatePart> parts) => _parts = parts;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shape">The fields that it may name.</param>
    /// <returns>The template; or the mistake, not escaped.</returns>
    public static (Template? Template, string? Mistake) Parse(string text, Shape shape)
    {
        try
        {
            return (new Template(new TemplateParser(text, shape).Parse()), null);
        }
        catch (FormatException mistake)
        {
            return (null, mistake.Message);
        }
    }

    /// <summary>Prints an object.</summary>
    /// <param name="properties">Writes its properties.</param>
    /// <param name="output">Receives the text, which ends with a line end; nothing if it is empty.</param>
    public void Write(Action<Utf8JsonWriter> properties, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        var result = new StringBuilder();
        foreach (var part in _parts)
        {
            part.Append(document.RootElement, document.RootElement, result);
        }

        if (result.Length > 0)
        {
            output.Write(result[^1] == '\n' ? result : result.Append('\n'));
        }
    }
}
