using System.Globalization;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Finds the layout of a ring by its text.</summary>
internal static class Layouts
{
    // A process says the number of tokens: one that lies must not take all memory.
    internal const int MaxTokens = 1 << 23;

    /// <summary>Gets a layout.</summary>
    /// <param name="text">What <see cref="RingLayout.ToString"/> returns.</param>
    /// <param name="members">The number of members of the ring.</param>
    /// <returns>The layout; null if there is none of that text, or if a ring of it would have more than 8,388,608 tokens.</returns>
    public static RingLayout? Of(string text, int members)
    {
        int[] numbers = [.. text.Split('(', ')', ',').Skip(1)
            .Select(part => int.TryParse(part, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > 0)];
        try
        {
            IEnumerable<RingLayout> candidates =
            [
                .. numbers is [var tokens] && (long)tokens * members <= MaxTokens ? [RingLayout.Native(tokens)] : Array.Empty<RingLayout>(),
                .. numbers is [var least, var most] && most <= MaxTokens ? [RingLayout.Envoy(least, most)] : Array.Empty<RingLayout>(),
                .. Enum.GetValues<KetamaVariant>().Select(RingLayout.Ketama),
            ];
            return candidates.FirstOrDefault(layout => layout.ToString() == text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
