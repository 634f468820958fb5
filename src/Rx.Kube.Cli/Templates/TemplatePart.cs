using System.Text;
using System.Text.Json;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Templates;

/// <summary>Represents a part of a template.</summary>
internal abstract record TemplatePart
{
    /// <summary>Appends what the part stands for.</summary>
    /// <param name="root">The whole JSON.</param>
    /// <param name="dot">The element of the innermost loop; outside of loops, the whole JSON.</param>
    /// <param name="result">Receives the text.</param>
    public abstract void Append(JsonElement root, JsonElement dot, StringBuilder result);
}

/// <summary>Represents text that is printed as it is: the user wrote it.</summary>
/// <param name="Content">The text.</param>
internal sealed record LiteralPart(string Content) : TemplatePart
{
    /// <inheritdoc/>
    public override void Append(JsonElement root, JsonElement dot, StringBuilder result) => result.Append(Content);
}

/// <summary>Represents the value of a field, escaped: it comes from the network.</summary>
/// <param name="Path">The field: a value or a list of values.</param>
internal sealed record FieldPart(FieldPath Path) : TemplatePart
{
    /// <inheritdoc/>
    public override void Append(JsonElement root, JsonElement dot, StringBuilder result)
    {
        if (Path.Find(root, dot) is not { } value)
        {
            return;
        }

        result.Append(value.ValueKind == JsonValueKind.Array ? string.Join(',', value.EnumerateArray().Select(Text)) : Text(value));
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TerminalText.Escape(value.GetString()!),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}

/// <summary>Represents a loop over a list.</summary>
/// <param name="Path">The list.</param>
/// <param name="Body">The parts for each element.</param>
/// <param name="Otherwise">The parts for an empty list.</param>
internal sealed record RangePart(FieldPath Path, IReadOnlyList<TemplatePart> Body, IReadOnlyList<TemplatePart> Otherwise) : TemplatePart
{
    /// <inheritdoc/>
    public override void Append(JsonElement root, JsonElement dot, StringBuilder result)
    {
        if (Path.Find(root, dot) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
        {
            foreach (var element in list.EnumerateArray())
            {
                foreach (var part in Body)
                {
                    part.Append(root, element, result);
                }
            }

            return;
        }

        foreach (var part in Otherwise)
        {
            part.Append(root, dot, result);
        }
    }
}

/// <summary>Represents the way to a field: <c>.range.first</c>, or <c>$.service</c>, which starts outside of all loops.</summary>
/// <param name="IsFromRoot">Whether it starts outside of all loops.</param>
/// <param name="Names">The names; none for the element itself.</param>
internal sealed record FieldPath(bool IsFromRoot, IReadOnlyList<string> Names)
{
    /// <summary>Finds the field.</summary>
    /// <param name="root">The whole JSON.</param>
    /// <param name="dot">The element of the innermost loop.</param>
    /// <returns>The value; null if it is absent.</returns>
    public JsonElement? Find(JsonElement root, JsonElement dot)
    {
        var value = IsFromRoot ? root : dot;
        foreach (var name in Names)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value;
    }
}
