using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>
/// Normalizes answers, so that the answers of both servers must be equal. Only these parts may differ:
/// <list type="bullet">
/// <item>versions: only their order must be equal;</item>
/// <item>uids, timestamps, the end of generated names: only their format must be correct;</item>
/// <item>continue tokens, which are opaque;</item>
/// <item>managedFields, of which only a real server keeps account, and storageVersionHash, which the simulator does not have;</item>
/// <item>kind and apiVersion of the items of a list, which real servers send from storage and omit from their cache;</item>
/// <item>numbers and uids inside messages, the descriptions of table columns, the port in serverAddress;</item>
/// <item>the exceptions of a step: <see cref="Step.AnyMessage"/>, <see cref="Step.HeadOnly"/>, <see cref="Step.NamesOnly"/>.</item>
/// </list>
/// </summary>
internal sealed partial class AnswerNormalizer
{
    private readonly List<long> _writes;

    internal AnswerNormalizer(IEnumerable<Answer> answers) =>
        _writes = [.. answers.SelectMany(a => a.Documents).SelectMany(Writes).Distinct().Order()];

    internal JsonObject Normalize(Step step, Answer answer)
    {
        var head = new JsonObject
        {
            ["status"] = answer.Status,
            ["content-type"] = answer.ContentType,
            ["retry-after"] = answer.RetryAfter,
            ["warning"] = answer.Warnings,
        };
        if (!step.HeadOnly)
        {
            head["body"] = new JsonArray([.. answer.Documents.Select(d => Normalize(step, d))]);
        }

        return head;
    }

    private static IEnumerable<long> Writes(JsonNode? node)
    {
        // The version of an object is the version of a write; a list or bookmark can have any version.
        switch (node)
        {
            case JsonObject o:
                if (o["metadata"] is JsonObject meta && meta["name"] is not null && Number(meta["resourceVersion"]) is { } version)
                {
                    yield return version;
                }

                foreach (var deeper in o.SelectMany(p => Writes(p.Value)))
                {
                    yield return deeper;
                }

                break;
            case JsonArray a:
                foreach (var deeper in a.SelectMany(Writes))
                {
                    yield return deeper;
                }

                break;
        }
    }

    private static long? Number(JsonNode? node) =>
        long.TryParse((string?)node, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsItem(JsonObject o) => o.Parent is JsonArray { Parent: JsonObject list } items && list["items"] == items;

    private static JsonValue Text(string text) => JsonValue.Create(text);

    private JsonNode? Normalize(Step step, JsonNode? node)
    {
        switch (node)
        {
            case JsonArray a:
                return new JsonArray([.. a.Select(i => Normalize(step, i))]);
            case JsonObject o:
                var result = new JsonObject();
                foreach (var (name, value) in o)
                {
                    if (name is "managedFields" or "storageVersionHash" || name is "kind" or "apiVersion" && IsItem(o))
                    {
                        continue;
                    }

                    result[name] = Field(step, name, value, o);
                }

                return result;
            case JsonValue v when step.NamesOnly:
                return Text($"<{v.GetValueKind()}>");
            case JsonValue v when v.TryGetValue(out string? text) && Time().IsMatch(text):
                return Text("<time>");
            default:
                return node?.DeepClone();
        }
    }

    private JsonNode? Field(Step step, string name, JsonNode? value, JsonObject parent)
    {
        if (value is not JsonValue v || !v.TryGetValue(out string? text))
        {
            return Normalize(step, value);
        }

        return name switch
        {
            "resourceVersion" when Number(value) is { } version => Text(Rank(version)),
            "uid" when Guid.TryParse(text, out _) => Text("<uid>"),
            "continue" => Text("<continue>"),
            "message" when step.AnyMessage => Text("<any message>"),
            "message" => Text(Digits().Replace(Uid().Replace(text, "<uid>"), "#")),
            "description" when parent.ContainsKey("priority") => Text("<description>"),
            "serverAddress" => Text(Digits().Replace(text, "<port>")),
            "name" when (string?)parent["generateName"] is { } stem && Generated().IsMatch(text[stem.Length..]) =>
                Text(stem + "<generated>"),
            _ => Normalize(step, value),
        };
    }

    private string Rank(long version)
    {
        var before = _writes.Count(w => w <= version);
        return before > 0 && _writes[before - 1] == version ? $"write {before}" : $"after write {before}";
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex("^[bcdfghjklmnpqrstvwxz2456789]{5}$")]
    private static partial Regex Generated();
}
