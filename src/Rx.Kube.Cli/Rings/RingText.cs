using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Rings;

/// <summary>
/// Formats the first ring as one line per member, then one timestamped line per change: <c>~</c> ring changed, <c>=</c> live, <c>!</c>
/// stale.
/// </summary>
internal static class RingText
{
    /// <summary>Formats the difference between a ring and the previous one.</summary>
    /// <param name="snapshot">The snapshot and its ring.</param>
    /// <param name="previous">The previous snapshot; null for the first one.</param>
    /// <param name="settings">The number of replicas and the member of <c>--self</c>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lines; none before the first complete list.</returns>
    public static IEnumerable<Line> Lines(RingSnapshot snapshot, RingSnapshot? previous, RingSettings settings, DateTimeOffset now)
    {
        if (snapshot.Ring is not { } ring)
        {
            yield break;
        }

        if (RingFormat.Freshness(snapshot, previous, now) is { } state)
        {
            yield return TextLines.Line(now, state.Sign, state.Style).Add(state.Text, state.Style);
        }

        if (previous?.Ring is not { } before)
        {
            foreach (var (member, share, ideal) in ring.Shares())
            {
                yield return TextLines.Line(now, '+', Palette.Added).Add(EndpointFormat.Name(member.Name), Palette.Added)
                    .Add($" {RingFormat.Percent(share)} (ideal {RingFormat.Percent(ideal)}) {HumanFormat.Count(settings.Tokens, "token")}")
                    .Add(member.Zone is null ? "" : " zone=" + RingFormat.Zone(member.Zone));
            }
        }
        else if (!ReferenceEquals(ring, before))
        {
            var change = RingChange.Of(ring, before, settings);
            yield return TextLines.Line(now, '~', Palette.Updated).Add(RingFormat.Membership(change, Glyphs.Ascii.Arrow), Palette.Updated)
                .Add("; ").Add(RingFormat.Moved(change)).Add(RingFormat.Self(change, ring));
        }
    }
}
