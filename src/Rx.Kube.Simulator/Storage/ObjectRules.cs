using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Storage;

/// <summary>The rules for metadata of every kind.</summary>
internal static class ObjectRules
{
    internal static void Check(ResourceType type, JsonObject meta)
    {
        var name = (string?)meta["name"] ?? "";
        var wrong = new List<InvalidField>();
        if (name.Length == 0) wrong.Add(InvalidField.Required("metadata.name", "name or generateName is required"));
        else if (name is "." or "..") wrong.Add(InvalidField.Invalid("metadata.name", name, $"may not be '{name}'"));
        foreach (var letter in (char[])['/', '%'])
        {
            if (name.Contains(letter, StringComparison.Ordinal))
                wrong.Add(InvalidField.Invalid("metadata.name", name, $"may not contain '{letter}'"));
        }
        foreach (var (key, value) in meta["labels"] as JsonObject ?? [])
        {
            if (!LabelSelectorParser.IsLabelName(key)) wrong.Add(InvalidField.Invalid("metadata.labels", key, "not a valid label name"));
            if (!LabelSelectorParser.IsLabelValue((string?)value ?? ""))
                wrong.Add(InvalidField.Invalid("metadata.labels", (string)value!, "not a valid label value"));
        }
        if (wrong.Count > 0) throw Errors.Invalid(type.Group, type.Kind, name, [.. wrong]);
    }
}
