using System.Text;
using System.Text.Json;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Short texts from a file or the network: ranges of keys, versions, addresses, and text on its way to a message.</summary>
internal sealed class TextTarget() : Target("text", 8)
{
    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (a, b) = (dice.Next() >> dice.Below(64), dice.Next() >> dice.Below(64));
        var range = new KeyRange(Math.Min(a, b), Math.Max(a, b));
        return dice.OneIn(2) ? (Doc.Raw(range.ToString()), range) : (Doc.Raw(dice.OneIn(2) ? Words.Any(dice) : Words.Version(dice)), "");
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText().Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var text = Encoding.UTF8.GetString(input);
        var isRange = KeyRange.TryParse(text, null, out var range);
        Require(meaning is not KeyRange expected || range == expected, "a valid range is read as another one");
        Require(
            !isRange || (range.First <= range.Last && KeyRange.Parse(range.ToString()) == range),
            "a range is not read as it was written");
        RequireEqual(isRange, Parses(text), "Parse and TryParse of a range");
        RequireEqual(isRange, ParsesJson(text), "the converter of a range");

        var printed = Printable.Of(text, 100);
        Require(!printed.Any(char.IsControl) && printed.Length < 120, "text for a message is not printable, or long");
        var canonical = IpText.Canonical(text);
        RequireEqual(canonical, IpText.Canonical(canonical), "the canonical address");
        Require(Secrets.Token(text) is not { } token || !token.Any(c => c is <= ' ' or > '~'), "a token is not a header");
        var version = Checked(text);
        Require(
            !ResourceVersion.IsOlder(text, text) && !(ResourceVersion.IsOlder(text, "42") && ResourceVersion.IsOlder("42", text)),
            "a version is older than itself, or than one that is older");
        Require(version is null || !version.Any(c => c is <= ' ' or > '~'), "a version is not part of a URL");
    }

    private static string? Checked(string text)
    {
        try
        {
            return ResourceVersion.Checked(text, "an event");
        }
        catch (KubeProtocolException e)
        {
            Require(!e.Message.Any(char.IsControl), "an error has control characters");
            return null;
        }
    }

    private static bool Parses(string text)
    {
        try
        {
            KeyRange.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool ParsesJson(string text)
    {
        var reader = new Utf8JsonReader(DocText.Of(Doc.Of(text)));
        reader.Read();
        try
        {
            new KeyRangeJsonConverter().Read(ref reader, typeof(KeyRange), JsonSerializerOptions.Default);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
