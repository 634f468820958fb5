using System.Globalization;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Waiting;

/// <summary>Represents a condition of <c>rxkube wait --for</c>.</summary>
/// <param name="Text">The condition as it was typed.</param>
/// <param name="IsMet">Tells whether a complete snapshot fulfils the condition.</param>
internal sealed record WaitCondition(string Text, Func<RingSnapshot, bool> IsMet)
{
    private static readonly Dictionary<string, Func<ServiceTopology, int>> _counts = new(StringComparer.Ordinal)
    {
        ["members"] = topology => topology.Members.Count,
        ["ready"] = topology => topology.Ready.Select(e => e.Member).Distinct().Count(),
        ["routable"] = topology => topology.Routable.Select(e => e.Member).Distinct().Count(),
    };

    private static readonly string[] _names = ["members", "ready", "routable", "gone", "ring"];

    /// <summary>Gets the rule for a condition, for a message.</summary>
    public const string Rule = "write members=N, ready=N or routable=N (or >=N, <=N), gone=NAME, or ring=FINGERPRINT";

    /// <summary>Reads a condition.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The condition; or the mistake, not escaped.</returns>
    public static (WaitCondition? Condition, string? Mistake) Parse(string text)
    {
        var end = text.AsSpan().IndexOfAny("<>=");
        if (end < 0)
        {
            return (null, $"'{text}' has no value. To fix: {Rule}.");
        }

        var name = text[..end];
        var (sign, value) = text[end..] switch
        {
            ['>', '=', .. var rest] => (">=", rest),
            ['<', '=', .. var rest] => ("<=", rest),
            ['=', .. var rest] => ("=", rest),
            var other => (other[..1], other[1..]),
        };
        return (name, sign) switch
        {
            _ when !_names.Contains(name) => (null, OfUnknown(name)),
            ("gone", "=") when value.Length > 0 => (new(text, s => !s.Topology.Members.Contains(value)), null),
            ("ring", "=") when IsFingerprint(value) => (new(text, s =>
                s.Ring is { } ring && RingJson.Hash(ring.Fingerprint).Equals(value, StringComparison.OrdinalIgnoreCase)), null),
            ("ring", "=") => (null,
                $"'{value}' is not a fingerprint. To fix: write its 16 hexadecimal digits, as rxkube ring prints them."),
            (not ("gone" or "ring"), ">=" or "<=" or "=") when TryCount(value, out var count) =>
                (new(text, s => Fits(_counts[name](s.Topology), sign, count)), null),
            _ => (null, $"'{text}' is not a condition. To fix: {Rule}."),
        };
    }

    /// <summary>Formats what a snapshot has of all that can be waited for.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>The text, escaped.</returns>
    public static string Describe(RingSnapshot snapshot)
    {
        var topology = snapshot.Topology;
        var counts = string.Join(", ", _counts.Select(c => $"{c.Key}={c.Value(topology).ToString(CultureInfo.InvariantCulture)}"));
        var ring = snapshot.Ring is { } built ? $", ring={RingJson.Hash(built.Fingerprint)}" : "";
        return $"{counts}{ring}, {topology.Freshness} at version {EndpointFormat.Name(topology.Version)}";
    }

    private static bool Fits(int actual, string sign, int wanted) => sign switch
    {
        ">=" => actual >= wanted,
        "<=" => actual <= wanted,
        _ => actual == wanted,
    };

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static bool IsFingerprint(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigit);

    private static string OfUnknown(string name) =>
        $"'{name}' is not one of {string.Join(", ", _names)}.{NearNames.Question(name, _names)}";
}
