using System.Globalization;

namespace Rx.Kube.Tests.Checker;

/// <summary>One action of a schedule. Its text is <c>1200:Fin(2,0,1)</c>.</summary>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Kind">What.</param>
/// <param name="A">The first parameter of the kind.</param>
/// <param name="B">The second parameter of the kind.</param>
/// <param name="Who">The clients that it is about, as bits; 0 for all.</param>
internal readonly record struct FaultAction(int At, ActionKind Kind, int A = 0, int B = 0, int Who = 0)
{
    public bool Concerns(int client) => Who == 0 || (Who >> client & 1) != 0;

    /// <summary>Reads the text of an action.</summary>
    public static FaultAction Parse(string text)
    {
        var (colon, open) = (text.IndexOf(':', StringComparison.Ordinal), text.IndexOf('(', StringComparison.Ordinal));
        var numbers = text[(open + 1)..^1].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new(
            int.Parse(text[..colon], CultureInfo.InvariantCulture), Enum.Parse<ActionKind>(text[(colon + 1)..open]),
            numbers[0], numbers[1], numbers[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}:{Kind}({A},{B},{Who})");
}
