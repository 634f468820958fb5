namespace Rx.Kube.Fuzz.Documents;

/// <summary>Texts: usual ones, so that caches and keys meet, and unusual ones.</summary>
internal static class Words
{
    private static readonly string[] _usual =
    [
        "cache", "cache-0", "cache-1", "default", "zone-a", "zone-b", "node-1", "10.0.0.1", "10.0.0.2", "fd00::1",
        "TCP", "Pod", "Running", "1", "42",
    ];

    private static readonly string[] _unusual =
    [
        "", " ", "\0", "\u001b[31m", "\u202e", "\ufeff", "😀", "é", "\u00ad", "null", "true", "~",
        "<<", "0", "-0", "1e999", "../..", "a/b?c#d",
        "::ffff:10.0.0.1", "010.0.0.1", "fe80::1%eth0", "%0d%0aX: y", "\r\nX: y", "{}", "[]", "\"", "\\",
        "\\u0000", "&a", "*a", "!!binary", "|", ">",
    ];

    /// <summary>A usual text, mostly.</summary>
    public static string Any(Dice dice) => dice.Below(10) switch
    {
        < 8 => dice.Of<string>(_usual),
        8 => dice.Of<string>(_unusual),
        _ => Random(dice, 1 + dice.Below(24)),
    };

    /// <summary>Text of any valid characters.</summary>
    public static string Random(Dice dice, int length) => string.Create(length, dice, static (text, dice) =>
    {
        foreach (ref var c in text)
        {
            c = dice.Below(8) switch
            {
                < 6 => (char)('!' + dice.Below(94)),
                6 => (char)(0xa0 + dice.Below(0x500)),
                _ => (char)dice.Below(0x21),
            };
        }
    });

    /// <summary>Text that is not valid, or long.</summary>
    public static string Bad(Dice dice) => dice.Below(6) switch
    {
        0 => "\ud800",
        1 => "a\udc00b",
        2 => new string('x', 1 << dice.Below(13)),
        3 => "\0",
        _ => dice.Of<string>(_unusual),
    };

    /// <summary>A resourceVersion.</summary>
    public static string Version(Dice dice) => dice.Below(10) switch
    {
        < 9 => (1 + dice.Below(1000)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => dice.Of<string>(["18446744073709551615", "999999999999999999999999", "a-b", "!", "007"]),
    };
}
