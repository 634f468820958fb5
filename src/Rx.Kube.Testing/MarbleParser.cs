using System.Globalization;
using System.Text.RegularExpressions;

namespace Rx.Kube.Testing;

/// <summary>Reads the marks of a diagram. <see cref="MarbleValues{T}"/> gives them values.</summary>
internal sealed partial class MarbleParser
{
    /// <summary>About 29 years; sums of ticks below it do not overflow.</summary>
    private const long MostFrames = long.MaxValue / VirtualTime.TicksPerFrame / 1_000;

    private readonly string _diagram;
    private readonly string _what;
    private readonly string _marks;
    private readonly bool _startInGroup;
    private readonly List<MarbleToken> _tokens = [];
    private long _frame;
    private char _group;
    private int _groupColumn;
    private long _groupFrame;
    private bool _ended;

    private MarbleParser(string diagram, string what, string marks, bool startInGroup = false) =>
        (_diagram, _what, _marks, _startInGroup) = (diagram, what, marks, startInGroup);

    /// <summary>Whether a character is a mark with a meaning of its own, which is never the key of a value.</summary>
    public static bool IsReserved(char c) => "-()[]|#^!".Contains(c, StringComparison.Ordinal);

    /// <summary>Returns a hint for a key without a value: digits are mostly meant as a duration.</summary>
    public static string Hint(string diagram, int i) =>
        char.IsAsciiDigit(diagram[i]) && diagram.AsSpan(i).IndexOfAny('m', 's') > 0 ? "; a duration stands between spaces" : "";

    /// <summary>Reads a stream. Frames count from its start.</summary>
    public static List<MarbleToken> Cold(string diagram) => new MarbleParser(diagram, "a cold diagram", "v|#").Read();

    /// <summary>Reads the answer of a server: a stream that may say when it opens.</summary>
    public static List<MarbleToken> Answer(string diagram)
    {
        var tokens = new MarbleParser(diagram, "the diagram of an answer", "v|#^", startInGroup: true).Read();
        if (tokens.FindIndex(t => t.Kind == MarbleKind.Start) is > 0 and var i)
        {
            throw new MarbleFormatException(diagram, tokens[i].Column, "Nothing can come before the answer opens with '^'");
        }

        return tokens;
    }

    /// <summary>Reads a stream that exists before it is subscribed to. Frames count from <c>^</c>, where there is one.</summary>
    public static List<MarbleToken> Hot(string diagram)
    {
        var tokens = new MarbleParser(diagram, "a hot diagram", "v|#^").Read();
        var zero = tokens.Find(t => t.Kind == MarbleKind.Start).Frame;
        return [.. tokens.Where(t => t.Kind != MarbleKind.Start).Select(t => t with { Frame = t.Frame - zero })];
    }

    /// <summary>Reads a subscription: two marks, <c>^</c> and <c>!</c>; or only the first; or none.</summary>
    public static List<MarbleToken> Subscription(string diagram) =>
        new MarbleParser(diagram, "a subscription diagram", "^!", startInGroup: true).Read();

    /// <summary>Reads a time: the frame of <c>|</c>.</summary>
    public static long Time(string diagram) =>
        new MarbleParser(diagram, "a time diagram", "|").Read() is [var end]
            ? end.Frame
            : throw new MarbleFormatException(diagram, diagram.Length + 1, "A time diagram needs a '|' at the end of the time");

    private List<MarbleToken> Read()
    {
        for (var i = 0; i < _diagram.Length; i++)
        {
            switch (_diagram[i])
            {
                case var c when char.IsWhiteSpace(c):
                    break;
                case '-' when _group == '[':
                    throw Error(i, "No time passes inside '[' and ']'");
                case '-':
                    _frame++;
                    break;
                case '(' or '[':
                    Open(i);
                    break;
                case ')' or ']':
                    Close(i);
                    break;
                case var c when char.IsAsciiDigit(c) && DurationAt(i) is { } duration:
                    Pass(i, duration);
                    i += duration.Length - 1;
                    break;
                default:
                    i += Mark(i) - 1;
                    break;
            }
        }

        if (_group != default)
        {
            throw Error(_groupColumn - 1, $"The group that opens with '{_group}' is never closed");
        }

        return _tokens;
    }

    /// <summary>Reads the mark at an index and returns its number of characters.</summary>
    private int Mark(int i)
    {
        var c = _diagram[i];
        var kind = c switch
        {
            '|' => MarbleKind.Completed,
            '#' => MarbleKind.Error,
            '^' => MarbleKind.Start,
            '!' => MarbleKind.Unsubscribe,
            _ => MarbleKind.Next,
        };
        if (!_marks.Contains(kind == MarbleKind.Next ? 'v' : c, StringComparison.Ordinal))
        {
            var problem = kind == MarbleKind.Next ? $"'{c}' has no meaning in {_what}" : $"'{c}' cannot stand in {_what}";
            throw Error(i, problem + Hint(_diagram, i));
        }

        Check(i, kind);
        var name = kind == MarbleKind.Error ? Name().Match(_diagram, i + 1).Value : "";
        _tokens.Add(new(kind, _group == default ? _frame : _groupFrame, i + 1, c, name));
        _ended |= kind is MarbleKind.Completed or MarbleKind.Error or MarbleKind.Unsubscribe;
        _frame += _group == '[' ? 0 : 1;
        return 1 + name.Length;
    }

    private void Check(int i, MarbleKind kind)
    {
        var c = _diagram[i];
        if (char.GetUnicodeCategory(c) is UnicodeCategory.Surrogate or UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            throw Error(i, "A key is one plain character");
        }

        if (kind == MarbleKind.Start && _tokens.Exists(t => t.Kind == MarbleKind.Start))
        {
            throw Error(i, "There is a second '^'");
        }

        if (_ended && kind != MarbleKind.Start)
        {
            throw Error(i, $"'{c}' comes after the end");
        }

        if (kind == MarbleKind.Start && _group != default && !_startInGroup)
        {
            throw Error(i, "'^' cannot stand in a group");
        }

        if (kind == MarbleKind.Unsubscribe && _tokens.Count == 0)
        {
            throw Error(i, "'!' needs a '^' before it");
        }
    }

    private void Open(int i)
    {
        if (_group != default)
        {
            throw Error(i, "A group cannot stand in a group");
        }

        (_group, _groupColumn, _groupFrame) = (_diagram[i], i + 1, _frame);
        _frame += _group == '(' ? 1 : 0;
    }

    private void Close(int i)
    {
        var open = _diagram[i] == ')' ? '(' : '[';
        if (_group != open)
        {
            throw Error(i, $"'{_diagram[i]}' closes no '{open}'");
        }

        _group = default;
        _frame++;
    }

    private string? DurationAt(int i) =>
        i == 0 || char.IsWhiteSpace(_diagram[i - 1])
            ? Duration().Match(_diagram, i) is { Success: true } match ? match.Value : null
            : null;

    private void Pass(int i, string duration)
    {
        if (_group != default)
        {
            throw Error(i, "A duration cannot stand in a group");
        }

        var unit = duration.EndsWith("ms", StringComparison.Ordinal) ? 1 : duration[^1] == 's' ? 1_000 : 60_000;
        var number = duration.TrimEnd('m', 's');
        if (number.Length > 15)
        {
            throw Error(i, "The duration is too long");
        }

        var frames = decimal.Parse(number, CultureInfo.InvariantCulture) * unit;
        if (frames != decimal.Truncate(frames) || _frame + frames > MostFrames)
        {
            var isWhole = frames == decimal.Truncate(frames);
            throw Error(i, isWhole ? "The duration is too long" : "A duration is a whole number of milliseconds");
        }

        _frame += (long)frames;
    }

    private MarbleFormatException Error(int index, string problem) => new(_diagram, index + 1, problem);

    [GeneratedRegex(@"\G[0-9]+(?:\.[0-9]+)?(?:ms|s|m)(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\G[A-Za-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
