using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Tests.Terminal;

public class TerminalTextTests
{
    [Theory]
    [InlineData("\e[31mred", "\\x1b[31mred")]
    [InlineData("\e]0;title\a", "\\x1b]0;title\\x07")]
    [InlineData("a\0b", "a\\x00b")]
    [InlineData("a\r\nb\tc\bd", "a\\r\\nb\\tc\\x08d")]
    [InlineData("del\u007f", "del\\x7f")]
    [InlineData("csi\u009b31m", "csi\\x9b31m")]
    [InlineData("nel\u0085", "nel\\x85")]
    [InlineData("line\u2028para\u2029", "line\\u2028para\\u2029")]
    [InlineData("rtl\u202eevil\u202c", "rtl\\u202eevil\\u202c")]
    [InlineData("isolate\u2066x\u2069", "isolate\\u2066x\\u2069")]
    [InlineData("mark\u200f\u061c", "mark\\u200f\\u061c")]
    [InlineData("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff")]
    [InlineData("tag\U000e0041", "tag\\U000e0041")]
    [InlineData("stack\u0301\u0301", "stack\\u0301\\u0301")]
    [InlineData("private\ue000", "private\\ue000")]
    [InlineData("hangul\u115f\u1160\u3164\uffa0", "hangul\\u115f\\u1160\\u3164\\uffa0")]
    [InlineData("braille\u2800", "braille\\u2800")]
    [InlineData("space\u00a0\u2003\u3000\u1680\u202f", "space\\xa0\\u2003\\u3000\\u1680\\u202f")]
    [InlineData("soft\u00ad", "soft\\xad")]
    [InlineData("variation\ufe0f\U000e0100\u180b", "variation\\ufe0f\\U000e0100\\u180b")]
    [InlineData("joiner\u034f\u2060\u17b4", "joiner\\u034f\\u2060\\u17b4")]
    [InlineData("object\ufffc", "object\\ufffc")]
    [InlineData("music\U0001d159\U0001d173", "music\\U0001d159\\U0001d173")]
    public void Escape_makes_control_characters_visible(string hostile, string shown) =>
        Assert.Equal(shown, TerminalText.Escape(hostile));

    [Theory]
    [InlineData("cache-0", "cache-0")]
    [InlineData("fd00::1%eth0", "fd00::1%eth0")]
    [InlineData("cache-0 ready 10.0.0.9 zone=a", "\"cache-0 ready 10.0.0.9 zone=a\"")]
    [InlineData("a, left b", "\"a, left b\"")]
    [InlineData("10.0.0.1,10.0.0.2", "\"10.0.0.1,10.0.0.2\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("zone=a", "\"zone=a\"")]
    [InlineData("a (zone)", "\"a (zone)\"")]
    [InlineData("\" ready", "\"\\\" ready\"")]
    [InlineData("\"a\"", "\"\\\"a\\\"\"")]
    [InlineData("x\\\" ready", "\"x\\\\\\\" ready\"")] // the backslash must not take the quote's
    [InlineData("a\u00a0b", "a\\xa0b")]
    [InlineData("a\n+ b", "\"a\\n+ b\"")]
    public void Field_is_one_field(string hostile, string shown) => Assert.Equal(shown, TerminalText.Field(hostile));

    [Theory]
    [InlineData("")]
    [InlineData("cache-0")]
    [InlineData("Zürich → 東京 🚀")]
    [InlineData("[red]no markup[/] [[x]]")]
    public void Escape_keeps_harmless_text(string text) => Assert.Same(text, TerminalText.Escape(text));

    [Fact]
    public void Escape_leaves_no_control_character_for_any_code_unit()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var shown = TerminalText.Escape($"x{(char)c}y");
            Assert.DoesNotContain(
                shown, s => char.IsControl(s) || char.IsSurrogate(s) || s is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069');
        }
    }

    [Fact]
    public void Escape_makes_unpaired_surrogates_visible()
    {
        // Attributes cannot hold unpaired surrogates, so this is not a theory.
        Assert.Equal("lone\\ud800.", TerminalText.Escape("lone\ud800."));
        Assert.Equal("\\udc00lone", TerminalText.Escape("\udc00lone"));
    }

    [Fact]
    public void Escape_truncates_long_text()
    {
        Assert.Equal("aaa…", TerminalText.Escape(new string('a', 1_000_000), 3));
        Assert.Equal("aaa", TerminalText.Escape("aaa", 3));
        Assert.Equal("\\x1b\\x1b…", TerminalText.Escape("\e\e\e", 2));
    }
}
