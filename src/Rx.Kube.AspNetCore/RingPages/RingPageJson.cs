using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// The JSON that the page reads. Everything but printable ASCII is escaped, so that a frame is one line. A full frame has all members and
/// changes; a difference has those that changed after an earlier frame.
/// </summary>
internal static class RingPageJson
{
    private const int MaxNames = 10;

    /// <summary>Writes a frame.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="page">The page.</param>
    /// <param name="state">The state.</param>
    /// <param name="after">The number of the frame that the reader has; null for a full frame.</param>
    public static void WriteFrame(Utf8JsonWriter json, RingPage page, RingPageState state, long? after)
    {
        var (topology, view) = (state.Moment?.Topology, state.Moment?.View);
        var freshness = topology?.Freshness ?? new Freshness.Syncing();
        json.WriteStartObject();
        json.WriteString("id", $"{page.Epoch}-{state.Sequence}");
        json.WriteNumber("now", Time(page.Source.Clock.Now));
        json.WriteString("freshness", freshness.ToString());
        WriteNumber(json, "ageMs", freshness.Age?.TotalMilliseconds);
        json.WriteBoolean("over", state.IsOver);
        WriteCause(json, freshness.Cause);
        json.WriteString("presence", JsonNamingPolicy.CamelCase.ConvertName($"{topology?.Presence ?? ServicePresence.Unknown}"));
        json.WriteString("version", topology?.Version ?? "");
        if (after is null)
        {
            json.WriteString("service", page.Source.Service);
            json.WriteString("origin", page.Source.Origin);
            Write(json, "pages", page.Source.Pages);
        }

        WriteRing(json, view?.Replicas, view?.Version);
        json.WriteNumber("oldest", state.History.Changes is [var oldest, ..] ? oldest.Id : 0);
        WriteMembers(json, state, after ?? -1);
        json.WriteStartArray("removed");
        foreach (var name in RemovedAfter(state, after ?? long.MaxValue))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteStartArray("changes");
        foreach (var change in state.History.Changes)
        {
            if (change.Id > (after ?? -1))
            {
                WriteChange(json, change);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a ring as it was.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="past">The ring.</param>
    public static void WritePast(Utf8JsonWriter json, PastRing past)
    {
        json.WriteStartObject();
        json.WriteNumber("id", past.Change.Id);
        json.WriteNumber("at", Time(past.Change.At));
        WriteRing(json, past.Replicas, past.Change.Version);
        json.WriteStartArray("members");
        var owned = RingPageState.Owned(past.Ring);
        foreach (var member in past.Ring.Members)
        {
            WriteMember(json, new(member, owned.GetValueOrDefault(member.Name), "", null, 0));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a walk.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="key">The key.</param>
    /// <param name="walk">The walk.</param>
    /// <param name="version">The version of the ring.</param>
    public static void WriteWalk(Utf8JsonWriter json, string key, RingWalk walk, string version)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteString("version", version);
        json.WriteString("hash", walk.Hash.ToString());
        json.WriteNumber("position", Position(walk.Hash.Value));
        json.WriteString("first", Hash(walk.Range.First));
        json.WriteString("last", Hash(walk.Range.Last));
        json.WriteNumber("share", RingRow.Fraction(walk.Range.Length));
        json.WriteNumber("asked", walk.Replicas.ReplicationFactor);
        json.WriteStartArray("replicas");
        foreach (var member in walk.Replicas.Members)
        {
            json.WriteStartObject();
            json.WriteString("member", member.Name);
            json.WriteString("zone", member.Zone);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (var step in walk.Steps)
        {
            json.WriteStartObject();
            json.WriteString("token", Hash(step.Token));
            json.WriteNumber("position", Position(step.Token));
            json.WriteString("member", step.Member.Name);
            json.WriteString("zone", step.Member.Zone);
            json.WriteString("role", JsonNamingPolicy.CamelCase.ConvertName($"{step.Role}"));
            json.WriteNumber("rank", step.Rank);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("cut", walk.IsCut);
        json.WriteEndObject();
    }

    // A member that left and came back is a changed row, not a removed one.
    private static IEnumerable<string> RemovedAfter(RingPageState state, long after) => state.History.Changes
        .Where(change => change.Id > after).SelectMany(change => change.Left).Select(member => member.Name)
        .Distinct(StringComparer.Ordinal).Where(name => !state.Rows.ContainsKey(name));

    private static void WriteRing(Utf8JsonWriter json, ReplicatedRing<RingMember>? replicas, string? version)
    {
        if (replicas is null)
        {
            json.WriteNull("ring");
            return;
        }

        var ring = (HashRing<RingMember>)replicas.Ring;
        json.WriteStartObject("ring");
        json.WriteString("version", version);
        json.WriteString("fingerprint", Hash(ring.Fingerprint));
        json.WriteString("algorithm", ring.Layout.ToString());
        json.WriteNumber("replicas", replicas.ReplicationFactor);
        json.WriteString("placement", Hash(replicas.Fingerprint));
        json.WriteNumber("tokens", ring.TokenCount);
        json.WriteNumber("memberCount", ring.Members.Length);
        json.WriteNumber("weight", ring.Members.Sum(member => (double)member.Weight));
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, RingPageState state, long after)
    {
        json.WriteStartArray("members");
        foreach (var row in state.Rows.Values)
        {
            if (row.Revision > after)
            {
                WriteMember(json, row);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteMember(Utf8JsonWriter json, RingRow row)
    {
        json.WriteStartObject();
        json.WriteString("member", row.Member.Name);
        json.WriteNumber("share", row.Share);
        json.WriteNumber("weight", row.Member.Weight);
        json.WriteString("zone", row.Member.Zone);
        json.WriteString("health", row.Health);
        json.WriteString("address", row.Address);
        json.WriteEndObject();
    }

    private static void WriteCause(Utf8JsonWriter json, WatchInterruption? cause)
    {
        if (cause is null)
        {
            json.WriteNull("cause");
            return;
        }

        json.WriteStartObject("cause");
        json.WriteString("kind", $"{cause.Kind}");
        json.WriteString("message", cause.Message);
        json.WriteNumber("since", Time(cause.Since));
        json.WriteNumber("retry", Time(cause.RetryDue));
        json.WriteNumber("failedAttempts", cause.FailedAttempts);
        json.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter json, RingPageChange change)
    {
        json.WriteStartObject();
        json.WriteNumber("id", change.Id);
        json.WriteNumber("at", Time(change.At));
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName($"{change.Kind}"));
        json.WriteString("version", change.Version);
        json.WriteNumber("memberCount", change.MemberCount);
        if (change.Kind == RingPageChangeKind.Ring)
        {
            Write(json, "joined", change.Joined.Take(MaxNames).Select(member => member.Name));
            json.WriteNumber("joinedCount", change.Joined.Length);
            Write(json, "left", change.Left.Take(MaxNames).Select(member => member.Name));
            json.WriteNumber("leftCount", change.Left.Length);
            Write(json, "altered", change.Altered.Take(MaxNames).Select(pair => pair.After.Name));
            json.WriteNumber("alteredCount", change.Altered.Length);
            json.WriteNumber("moved", change.Moved);
            json.WriteNumber("ideal", change.Ideal);
            json.WriteNumber("needless", change.Needless);
        }

        if (change.Since is { } since)
        {
            json.WriteString("cause", change.Cause);
            json.WriteNumber("since", Time(since));
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, Math.Round(value));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    // 64 bits are more than a number of JavaScript holds; as the tool writes it.
    private static string Hash(ulong hash) => new KeyHash(hash).ToString();

    private static double Position(ulong hash) => hash / 18446744073709551616.0;

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
