using System.Text.Json.Nodes;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Represents the answer of one server to one step: one JSON document, or one per line of a watch.</summary>
internal sealed record Answer(int Status, string ContentType, string RetryAfter, string Warnings, IReadOnlyList<JsonNode?> Documents)
{
    internal static Answer Nothing { get; } = new(0, "", "", "", []);

    /// <summary>Gets a field of <c>metadata</c>, such as the version, for later steps.</summary>
    internal string Metadata(string field) =>
        (string?)Documents[^1]?["metadata"]?[field]
        ?? (string?)Documents[^1]?["object"]?["metadata"]?[field]
        ?? throw new InvalidOperationException($"metadata.{field} is missing in {Documents[^1]?.ToJsonString()}");
}
