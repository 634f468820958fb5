using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using static Rx.Kube.Simulator.Selectors.LabelSelector;

namespace Rx.Kube.Simulator.Selectors;

/// <summary>Parses the query parameter <c>labelSelector</c>. Its errors are those of the real server.</summary>
internal sealed partial class LabelSelectorParser
{
    private static readonly SearchValues<char> EndOfWord = SearchValues.Create(" \t=!,()<>");

    private readonly List<string> _tokens;
    private int _at;

    private LabelSelectorParser(string text) => _tokens = Tokens(text);

    private string Next => _at < _tokens.Count ? _tokens[_at] : "";

    internal static LabelSelector Parse(string? text)
    {
        var parser = new LabelSelectorParser(text ?? "");
        var requirements = new List<Requirement>();
        while (parser.Next.Length > 0)
        {
            if (parser.Next is not "!" && !IsIdentifier(parser.Next))
                throw Errors.BadRequest($"found '{parser.Next}', expected: !, identifier, or 'end of string'");
            requirements.Add(parser.Requirement());
            if (parser.Next.Length == 0) break;
            if (parser.Next != ",") throw Errors.BadRequest($"found '{parser.Next}', expected: ',' or 'end of string'");
            parser._at++;
            if (parser.Next is not "!" && !IsIdentifier(parser.Next))
                throw Errors.BadRequest($"found '{parser.Next}', expected: identifier after ','");
        }
        return requirements.Count == 0 ? Everything : new(requirements);
    }

    internal static bool IsLabelName(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? NamePart().IsMatch(key) : Prefix().IsMatch(key[..slash]) && NamePart().IsMatch(key[(slash + 1)..]);
    }

    internal static bool IsLabelValue(string value) => value.Length == 0 || NamePart().IsMatch(value);

    private static bool IsIdentifier(string token) =>
        token.Length > 0 && token is not ("," or "(" or ")" or "=" or "==" or "!=" or ">" or "<" or "!");

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            var length = text.AsSpan(i) switch
            {
                ['=', '=', ..] or ['!', '=', ..] => 2,
                ['=' or '!' or ',' or '(' or ')' or '<' or '>', ..] => 1,
                var word => word.IndexOfAny(EndOfWord) is >= 0 and var end ? end : word.Length,
            };
            tokens.Add(text.Substring(i, length));
            i += length;
        }
        return tokens;
    }

    private static ApiStatusException Bad(string why) => Errors.BadRequest($"unable to parse requirement: {why}");

    private Requirement Requirement()
    {
        if (Next == "!")
        {
            _at++;
            return new(Key(), Operator.DoesNotExist, []);
        }
        var key = Key();
        if (Next is "" or ",") return new(key, Operator.Exists, []);
        var op = Next;
        _at++;
        return op switch
        {
            "=" or "==" => new(key, Operator.In, [Value()]),
            "!=" => new(key, Operator.NotIn, [Value()]),
            "in" => new(key, Operator.In, Values()),
            "notin" => new(key, Operator.NotIn, Values()),
            ">" => new(key, Operator.GreaterThan, [Number()]),
            "<" => new(key, Operator.LessThan, [Number()]),
            _ => throw Bad($"found '{op}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private string Key()
    {
        if (!IsIdentifier(Next)) throw Bad($"found '{Next}', expected: identifier");
        var key = _tokens[_at++];
        return IsLabelName(key) ? key : throw Bad($"<nil>: Invalid value: \"{key}\": not a valid label name");
    }

    private string Value()
    {
        if (Next is "" or ",") return "";
        if (!IsIdentifier(Next)) throw Bad($"found '{Next}', expected: identifier");
        return Checked(_tokens[_at++]);
    }

    private string Number()
    {
        var value = Value();
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? value
            : throw Bad($"values[0]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer");
    }

    private List<string> Values()
    {
        if (Next != "(") throw Bad($"found '{Next}' expected: '('");
        _at++;
        var values = new List<string>();
        while (true)
        {
            values.Add(Next is "," or ")" ? "" : Next is "" ? throw Bad("found '', expected: ',' or ')'") : Checked(_tokens[_at++]));
            var separator = Next;
            if (separator is not ("," or ")")) throw Bad($"found '{separator}', expected: ',' or ')'");
            _at++;
            if (separator == ")") return values;
        }
    }

    private static string Checked(string value) =>
        IsLabelValue(value) ? value : throw Bad($"values[0][]: Invalid value: \"{value}\": not a valid label value");

    [GeneratedRegex(@"\A(?=.{1,63}\z)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z")]
    private static partial Regex NamePart();

    [GeneratedRegex(@"\A(?=.{1,253}\z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Prefix();
}
