using System.Globalization;
using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Rings;

/// <summary>
/// One line of JSON per ring. The moves of the first line come from nobody and are the whole ring; those of each later one say exactly what
/// is different from the line before, so that whoever applies them all knows the owner of every hash.
/// </summary>
internal static class RingJson
{
    /// <summary>One ring.</summary>
    /// <param name="snapshot">The ring, which is known.</param>
    /// <param name="previous">The one of the line before; null for the first line.</param>
    /// <param name="settings">How many replicas, and who asks.</param>
    /// <returns>The line, without its end.</returns>
    public static string Line(RingSnapshot snapshot, RingSnapshot? previous, RingSettings settings) => JsonLines.Line(json =>
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

    /// <summary>A hash: a JSON number would lose digits.</summary>
    /// <param name="hash">The hash.</param>
    /// <returns>Sixteen hexadecimal digits.</returns>
    public static string Hash(ulong hash) => new KeyHash(hash).ToString();

    /// <summary>Writes the bounds of a range, both included, and how many hashes are in it.</summary>
    /// <param name="json">Where to.</param>
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
