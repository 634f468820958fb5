using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Rings;

/// <summary>Rings and their changes in words, escaped.</summary>
internal static class RingWords
{
    private const int MostNames = 10;

    /// <summary>A share in percent: <c>24.87%</c>.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>The words.</returns>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00}%");

    /// <summary>A zone.</summary>
    /// <param name="zone">The zone; null when unknown.</param>
    /// <returns>The words; a hyphen when unknown.</returns>
    public static string Zone(string? zone) => zone is null ? "-" : EndpointWords.Name(zone);

    /// <summary>The ring in short: <c>3 members, HashRing/1(160), fingerprint …</c></summary>
    /// <param name="ring">The ring.</param>
    /// <returns>The words.</returns>
    public static string Summary(HashRing<RingMember> ring) =>
        $"{Words.Count(ring.Members.Length, "member")}, {ring.Layout}, fingerprint {new KeyHash(ring.Fingerprint)}";

    /// <summary>Who joined and left: <c>joined cache-3; left cache-1</c>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="arrow">From an old value to a new one.</param>
    /// <returns>The words; never empty.</returns>
    public static string Who(RingChange change, string arrow)
    {
        var facts = new List<string>();
        AddIfAny("joined ", change.Joined.Select(m => m.Name));
        AddIfAny("left ", change.Left.Select(m => m.Name));
        facts.AddRange(change.Rezoned.Take(MostNames).Select(m =>
            $"zone of {EndpointWords.Name(m.Member.Name)} {Zone(m.Before)} {arrow} {Zone(m.Member.Zone)}"));
        return facts.Count == 0 ? "changed" : string.Join("; ", facts);

        void AddIfAny(string what, IEnumerable<string> names)
        {
            var all = names.ToList();
            if (all.Count > 0)
            {
                var more = all.Count > MostNames ? $" and {all.Count - MostNames} more" : "";
                facts.Add(what + string.Join(", ", all.Take(MostNames).Select(EndpointWords.Name)) + more);
            }
        }
    }

    /// <summary>How much moved, and how much had to: <c>moved 24.87%, ideal 25.00%, 158 ranges</c>.</summary>
    /// <param name="change">The change.</param>
    /// <returns>The words.</returns>
    public static string Moved(RingChange change)
    {
        var needless = change.Diff.NeedlessFraction > 0 ? $", needless {Percent(change.Diff.NeedlessFraction)}" : "";
        return $"moved {Percent(change.Diff.MovedFraction)}, ideal {Percent(change.Diff.IdealFraction)}{needless}, " +
            $"{Words.Count(change.Diff.Changes.Length, "range")}";
    }

    /// <summary>What it means for the member that was asked about: <c>; cache-0 gained 1.20%, lost 0.00%</c>.</summary>
    /// <param name="change">The change.</param>
    /// <param name="ring">The ring after.</param>
    /// <returns>The words; empty when nobody was asked about.</returns>
    public static string Self(RingChange change, HashRing<RingMember> ring)
    {
        if (change.Self is not { } self)
        {
            return "";
        }

        var name = EndpointWords.Name(self.Self.Name);
        return self.IsEmpty && ring.Members.All(m => m.Name != self.Self.Name)
            ? $"; {name} is not on the ring"
            : $"; {name} gained {Percent(RingChange.Share(self.Gained))}, lost {Percent(RingChange.Share(self.Lost))}";
    }

    /// <summary>A horizontal bar with a mark where it should end.</summary>
    /// <param name="value">Its length.</param>
    /// <param name="mark">Where it should end.</param>
    /// <param name="full">What all of the width stands for.</param>
    /// <param name="width">The width in cells.</param>
    /// <param name="glyphs">The signs.</param>
    /// <returns>A line as wide.</returns>
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
