using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Rings;

/// <summary>The ring in a line per member, then a timestamped line per change: <c>~</c> of the ring, <c>=</c> live, <c>!</c> stale.</summary>
internal static class RingText
{
    /// <summary>What a ring says that the one before did not.</summary>
    /// <param name="snapshot">The ring.</param>
    /// <param name="previous">The one before; null for the first.</param>
    /// <param name="settings">How many replicas, and who asks.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lines; none while nothing is known.</returns>
    public static IEnumerable<Line> Lines(RingSnapshot snapshot, RingSnapshot? previous, RingSettings settings, DateTimeOffset now)
    {
        if (snapshot.Ring is not { } ring)
        {
            yield break;
        }

        if (TextLines.Freshness(snapshot.Topology, previous?.Topology, now, RingWords.Summary(ring)) is { } state)
        {
            yield return TextLines.Line(now, state.Sign, state.Style).Add(state.Text, state.Style);
        }

        if (previous?.Ring is not { } before)
        {
            foreach (var (member, share, ideal) in ring.Shares())
            {
                yield return TextLines.Line(now, '+', Palette.Added).Add(EndpointWords.Name(member.Name), Palette.Added)
                    .Add($" {RingWords.Percent(share)} (ideal {RingWords.Percent(ideal)}) {Words.Count(settings.Tokens, "token")}")
                    .Add(member.Zone is null ? "" : " zone=" + RingWords.Zone(member.Zone));
            }
        }
        else if (!ReferenceEquals(ring, before))
        {
            var change = RingChange.Of(ring, before, settings);
            yield return TextLines.Line(now, '~', Palette.Updated).Add(RingWords.Who(change, Glyphs.Ascii.Arrow), Palette.Updated)
                .Add("; ").Add(RingWords.Moved(change)).Add(RingWords.Self(change, ring));
        }
    }
}
