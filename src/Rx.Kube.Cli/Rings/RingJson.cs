using System.Globalization;
using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Rings;

/// <summary>
/// Writes one line of JSON per ring. The moves of the first line have no previous owner and describe the whole ring; the moves of each
/// later line are the difference from the line before. A reader that applies all moves knows the owner of every hash.
/// </summary>
internal static class RingJson
{
    /// <summary>Writes a ring.</summary>
    /// <param name="snapshot">The snapshot, which has a ring.</param>
    /// <param name="previous">The snapshot of the previous line; null for the first line.</param>
    /// <param name="settings">The number of replicas and the member of <c>--self</c>.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(RingSnapshot snapshot, RingSnapshot? previous, RingSettings settings) => OutputBlock.Json(json =>
    {
        var ring = snapshot.Ring!;
        var change = RingChange.Of(ring, previous?.Ring, settings);
        JsonLines.WriteState(json, snapshot.Topology);
        json.WriteString("fingerprint", Hash(ring.Fingerprint));
        json.WriteString("algorithm", ring.Layout.ToString());
        json.WriteStartArray("members");
        foreach (var (member, share, ideal) in ring.Shares())
        {
            json.WriteStartObject();
            json.WriteString("member", member.Name);
            json.WriteNumber("share", share);
            json.WriteNumber("ideal", ideal);
            json.WriteString("zone", member.Zone);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("moved", change.Diff.MovedFraction);
        json.WriteNumber("ideal", change.Diff.IdealFraction);
        json.WriteNumber("needless", change.Diff.NeedlessFraction);
        json.WriteStartArray("moves");
        foreach (var move in change.Diff.Moves)
        {
            json.WriteStartObject();
            WriteRange(json, move.Range);
            json.WriteString("from", move.From?.Name);
            json.WriteString("to", move.To?.Name);
            json.WriteNumber("rank", move.Rank);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (change.Self is { } self)
        {
            json.WriteStartObject("self");
            json.WriteString("member", self.Self.Name);
            Write(json, "gained", self.Gained);
            Write(json, "lost", self.Lost);
            json.WriteEndObject();
        }
    });

    /// <summary>Formats a hash as text, because a JSON number would lose digits.</summary>
    /// <param name="hash">The hash.</param>
    /// <returns>Sixteen hexadecimal digits.</returns>
    public static string Hash(ulong hash) => new KeyHash(hash).ToString();

    /// <summary>Writes the inclusive bounds of a range and the number of its hashes.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="range">The range.</param>
    public static void WriteRange(Utf8JsonWriter json, KeyRange range)
    {
        json.WriteString("first", Hash(range.First));
        json.WriteString("last", Hash(range.Last));
        json.WriteString("length", range.Length.ToString(CultureInfo.InvariantCulture));
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<RangeChange<RingMember>> changes)
    {
        var all = changes.ToList();
        json.WriteStartObject(name);
        json.WriteNumber("share", RingChange.Share(all));
        json.WriteStartArray("ranges");
        foreach (var change in all)
        {
            json.WriteStartObject();
            WriteRange(json, change.Range);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
