using System.Text;
using System.Text.Json;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Output;

/// <summary>
/// Represents text that is written as it is formatted, so that memory does not grow with its length. A text of up to 32 KiB is written
/// with one call.
/// </summary>
/// <param name="write">Writes the text.</param>
internal sealed class OutputBlock(Action<TextWriter> write)
{
    private const int ChunkSize = 32 * 1024;

    /// <summary>Writes the properties of a block of JSON; null for other blocks.</summary>
    private Action<Utf8JsonWriter>? _properties;

    /// <summary>Creates a block of lines.</summary>
    /// <param name="lines">The lines, without line ends. They are formatted one by one.</param>
    /// <returns>The block.</returns>
    public static OutputBlock Lines(IEnumerable<string> lines) => new(output =>
    {
        var chunk = new StringBuilder();
        foreach (var line in lines)
        {
            chunk.Append(line).Append('\n');
            if (chunk.Length >= ChunkSize)
            {
                Drain();
            }
        }

        if (chunk.Length > 0)
        {
            Drain();
        }

        void Drain()
        {
            output.Write(chunk.ToString());
            chunk.Clear();
        }
    });

    /// <summary>Creates a block of one line with a JSON object. Only printable ASCII is not escaped.</summary>
    /// <param name="properties">Writes the properties.</param>
    /// <returns>The block.</returns>
    public static OutputBlock Json(Action<Utf8JsonWriter> properties)
    {
        return new(Write) { _properties = properties };

        void Write(TextWriter output)
        {
            var chunks = new JsonChunks(output, ChunkSize);
            using (var json = new Utf8JsonWriter(chunks))
            {
                json.WriteStartObject();
                properties(json);
                json.WriteEndObject();
            }

            chunks.End();
        }
    }

    /// <summary>Prints fields of a block of JSON with a template.</summary>
    /// <param name="template">The template; null for the block as it is.</param>
    /// <returns>The block; the same one if it is not JSON.</returns>
    public OutputBlock Through(Template? template) =>
        template is null || _properties is null ? this : new(output => template.Write(_properties, output));

    /// <summary>Writes the text.</summary>
    /// <param name="output">Receives the text, with its line ends.</param>
    public void WriteTo(TextWriter output) => write(output);

    /// <summary>Gets the whole text.</summary>
    /// <returns>The text, with its line ends.</returns>
    public override string ToString()
    {
        using var text = new StringWriter();
        write(text);
        return text.ToString();
    }
}
