using System.Globalization;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Rings;

/// <summary>Formats rings and their changes. All texts are escaped.</summary>
internal static class RingFormat
{
    private const int MaxNames = 10;

    /// <summary>Formats a share in percent: <c>24.87%</c>.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>The text.</returns>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00}%");

    /// <summary>Formats a zone.</summary>
    /// <param name="zone">The zone, or null.</param>
    /// <returns>The text; a hyphen when unknown.</returns>
    public static string Zone(string? zone) => zone is null ? "-" : EndpointFormat.Name(zone);

    /// <summary>Formats a summary of the ring: <c>3 members, HashRing/1(160), fingerprint …</c>, and that none of them is ready.</summary>
    /// <param name="topology">The snapshot of the ring.</param>
    /// <param name="ring">The ring.</param>
    /// <returns>The text; the reason if the Service has no members.</returns>
    public static string Summary(ServiceTopology topology, HashRing<RingMember> ring) => PresenceText.OfMemberless(topology) ??
        $"{Members(ring)}{NoneReady(topology)}, {ring.Layout}, fingerprint {new KeyHash(ring.Fingerprint)}";

    /// <summary>Formats that no member is ready, which the ring itself does not show.</summary>
    /// <param name="topology">The snapshot of the ring.</param>
    /// <returns>The text after the number of members; empty if one is ready, or there are none.</returns>
    public static string NoneReady(ServiceTopology topology) => topology.Presence == ServicePresence.NoneReady ? ", none ready" : "";

    /// <summary>Formats the freshness if it changed, if no member is left, or if the first member or none is ready now.</summary>
    /// <param name="snapshot">The snapshot, which has a ring.</param>
    /// <param name="previous">The previous snapshot; null for the first one.</param>
    /// <param name="now">The time.</param>
    /// <returns>The sign, the style and the text; null without a change.</returns>
    public static (char Sign, Style Style, string Text)? Freshness(RingSnapshot snapshot, RingSnapshot? previous, DateTimeOffset now)
    {
        var (topology, ring) = (snapshot.Topology, snapshot.Ring!);
        var state = TextLines.Freshness(topology, previous?.Topology, now, Summary(topology, ring));
        if (!topology.Freshness.IsLive || previous is not { Topology: { Freshness.IsSynced: true } before })
        {
            return state;
        }

        var (text, style) = (before.Presence, topology.Presence) switch
        {
            (not ServicePresence.NoneReady, ServicePresence.NoneReady) => (Members(ring) + NoneReady(topology), Palette.Warn),
            (ServicePresence.NoneReady, ServicePresence.Ready) =>
                ($"{Members(ring)}, {HumanFormat.Count(topology.Ready.Count, "endpoint")} ready", Palette.Good),
            _ => ("", Palette.Good),
        };
        return text.Length == 0 ? state
            : ('=', style, $"{state?.Text ?? $"live at version {EndpointFormat.Name(topology.Version)}"}: {text}");
    }

    private static string Members(HashRing<RingMember> ring) => HumanFormat.Count(ring.Members.Length, "member");

    /// <summary>Formats a warning when the member of <c>--self</c> is not on the first ring.</summary>
    /// <param name="ring">The first ring.</param>
    /// <param name="settings">The member of <c>--self</c>.</param>
    /// <returns>The text with names near it; null if the member is there, or without <c>--self</c>.</returns>
    public static string? MissingSelf(HashRing<RingMember> ring, RingSettings settings)
    {
        if (settings.Self is not { } self || ring.Members.Any(m => m.Name == self))
        {
            return null;
        }

        var names = ring.Members.Select(m => EndpointFormat.Name(m.Name)).ToList();
        var more = names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "";
        var hint = NearNames.Question(self, names) is { Length: > 0 } near ? near
            : names.Count == 0 ? " There is no member."
            : $" Members: {string.Join(", ", names.Take(MaxNames))}{more}.";
        return TerminalText.Escape($"--self '{self}' is not a member of {settings.Watch.Service}.{hint}", 1000);
    }

    /// <summary>Formats the members that joined and left: <c>joined cache-3; left cache-1</c>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="arrow">The separator of an old and a new value.</param>
    /// <returns>The text; never empty.</returns>
    public static string Membership(RingChange change, string arrow)
    {
        var facts = new List<string>();
        AddIfAny("joined ", change.Joined.Select(m => m.Name));
        AddIfAny("left ", change.Left.Select(m => m.Name));
        facts.AddRange(change.Rezoned.Take(MaxNames).Select(m =>
            $"zone of {EndpointFormat.Name(m.Member.Name)} {Zone(m.Before)} {arrow} {Zone(m.Member.Zone)}"));
        return facts.Count == 0 ? "changed" : string.Join("; ", facts);

        void AddIfAny(string what, IEnumerable<string> names)
        {
            var all = names.ToList();
            if (all.Count > 0)
            {
                var more = all.Count > MaxNames ? $" and {all.Count - MaxNames} more" : "";
                facts.Add(what + string.Join(", ", all.Take(MaxNames).Select(EndpointFormat.Name)) + more);
            }
        }
    }

    /// <summary>Formats the share of keys that moved and the minimum: <c>moved 24.87%, ideal 25.00%, 158 ranges</c>.</summary>
    /// <param name="change">The change.</param>
    /// <returns>The text.</returns>
    public static string Moved(RingChange change)
    {
        var needless = change.Diff.NeedlessFraction > 0 ? $", needless {Percent(change.Diff.NeedlessFraction)}" : "";
        return $"moved {Percent(change.Diff.MovedFraction)}, ideal {Percent(change.Diff.IdealFraction)}{needless}, " +
            $"{HumanFormat.Count(change.Diff.Changes.Length, "range")}";
    }

    /// <summary>Formats the gains and losses of the member of <c>--self</c>: <c>; cache-0 gained 1.20%, lost 0.00%</c>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="ring">The later ring.</param>
    /// <returns>The text; empty without <c>--self</c>.</returns>
    public static string Self(RingChange change, HashRing<RingMember> ring)
    {
        if (change.Self is not { } self)
        {
            return "";
        }

        var name = EndpointFormat.Name(self.Self.Name);
        return self.IsEmpty && ring.Members.All(m => m.Name != self.Self.Name)
            ? $"; {name} is not on the ring"
            : $"; {name} gained {Percent(RingChange.Share(self.Gained))}, lost {Percent(RingChange.Share(self.Lost))}";
    }

    /// <summary>Draws a horizontal bar with a mark at its ideal end.</summary>
    /// <param name="value">The value of the bar.</param>
    /// <param name="mark">The value of the mark.</param>
    /// <param name="full">The value of the full width.</param>
    /// <param name="width">The width in cells.</param>
    /// <param name="glyphs">The signs.</param>
    /// <returns>A line of that width.</returns>
    public static Line Bar(double value, double mark, double full, int width, Glyphs glyphs)
    {
        var line = new Line();
        if (width <= 0 || full <= 0)
        {
            return line;
        }

        var (end, at) = ((int)Math.Round(value / full * width), Math.Clamp((int)Math.Round(mark / full * width) - 1, 0, width - 1));
        var (before, after) = (Math.Min(end, at), Math.Max(0, end - at - 1));
        return line.Add(new string(glyphs.Bar, before), Palette.Info).PadTo(at).Add(glyphs.Mark.ToString(), Palette.Strong)
            .Add(new string(glyphs.Bar, after), Palette.Info).PadTo(width);
    }
}
