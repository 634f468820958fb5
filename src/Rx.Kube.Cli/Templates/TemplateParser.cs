using System.Text;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Templates;

/// <summary>Reads a template and checks its fields.</summary>
/// <param name="text">The template.</param>
/// <param name="root">The fields that it may name.</param>
internal sealed class TemplateParser(string text, Shape root)
{
    private const string Begin = "{{";
    private const string End = "}}";
    internal const int MaxDepth = 20;

    private readonly Stack<Loop> _loops = [];
    private bool _hasField;

    /// <summary>Reads the template.</summary>
    /// <returns>Its parts.</returns>
    /// <exception cref="FormatException">The template has a mistake, which the message tells. Not escaped.</exception>
    public IReadOnlyList<TemplatePart> Parse()
    {
        var all = new List<TemplatePart>();
        var parts = all;
        for (var at = 0; at < text.Length;)
        {
            var begin = text.IndexOf(Begin, at, StringComparison.Ordinal);
            AddText(parts, text[at..(begin < 0 ? text.Length : begin)]);
            if (begin < 0)
            {
                break;
            }

            var end = EndOf(begin);
            parts = Next(text[(begin + Begin.Length)..end].Trim(), parts);
            at = end + End.Length;
        }

        return _loops.TryPeek(out var open) ? throw new FormatException($"{{{{range {open.Name}}}}} has no {{{{end}}}}.")
            : _hasField ? all
            : throw new FormatException("the template has no field. To fix: write one, such as " + Example);
    }

    private Shape Dot => _loops.TryPeek(out var loop) && !loop.IsElse ? loop.Element : loop?.Outside ?? root;

    private string Example => $"{{{{.{((Shape.Object)root).Fields[0].Name}}}}}.";

    // A text in quotes may have braces.
    private int EndOf(int begin)
    {
        var quoted = false;
        for (var i = begin + Begin.Length; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text.AsSpan(i).StartsWith(End))
            {
                return i;
            }
        }

        throw new FormatException($"'{text[begin..]}' has no {End}.");
    }

    private List<TemplatePart> Next(string action, List<TemplatePart> parts)
    {
        switch (action)
        {
            case ['"', .. var quoted, '"']:
                AddText(parts, quoted);
                return parts;
            case "end" when _loops.TryPop(out var loop):
                loop.Parts.Add(new RangePart(loop.Path, loop.Body, loop.Otherwise));
                return loop.Parts;
            case "else" when _loops.TryPeek(out var loop) && !loop.IsElse:
                loop.IsElse = true;
                return loop.Otherwise;
            case "end" or "else":
                throw new FormatException($"{{{{{action}}}}} has no {{{{range}}}} before it.");
            case ['r', 'a', 'n', 'g', 'e', ' ', .. var list]:
                return Open(list.Trim(), parts);
            case ['.' or '$', ..]:
                var (path, shape) = Find(action);
                CheckPrintable(action, shape);
                parts.Add(new FieldPart(path));
                _hasField = true;
                return parts;
            default:
                throw new FormatException(
                    Dot is Shape.Object { Fields: var fields } && fields.Any(f => f.Name == action)
                        ? $"{{{{{action}}}}} is not a field. To fix: write {{{{.{action}}}}}."
                        : $"{{{{{action}}}}} is not known: a template has fields, {{{{range .LIST}}}}...{{{{else}}}}...{{{{end}}}} and " +
                            "texts in quotes. To fix: for more, use -o json with jq.");
        }
    }

    private List<TemplatePart> Open(string name, List<TemplatePart> parts)
    {
        var (path, shape) = Find(name);
        if (shape is not Shape.List list)
        {
            throw new FormatException($"{{{{range {name}}}}} is not a loop: {name} is not a list.");
        }

        if (_loops.Count == MaxDepth)
        {
            throw new FormatException($"more than {MaxDepth} loops are in each other.");
        }

        var loop = new Loop(name, path, list.Element, Dot, parts);
        _loops.Push(loop);
        return loop.Body;
    }

    private (FieldPath Path, Shape Shape) Find(string name)
    {
        var isFromRoot = name.StartsWith('$');
        var names = name.TrimStart('$').Split('.').Skip(1).ToList();
        var (shape, of) = (isFromRoot ? root : Dot, "the output");
        if (name is "." or "$" or "$.")
        {
            return (new(isFromRoot, []), shape);
        }

        for (var i = 0; i < names.Count; i++)
        {
            shape = shape switch
            {
                Shape.Object fields => fields.Find(names[i]) ?? throw Unknown(names[i], fields, of),
                Shape.List => throw new FormatException($"{of} is a list. To fix: write {{{{range .{string.Join('.', names.Take(i))}}}}}" +
                    $"{{{{.{string.Join('.', names.Skip(i))}}}}}{{{{end}}}}."),
                _ => throw new FormatException($"{of} has no fields, so {name} does not exist."),
            };
            of = names[i];
        }

        return names.Count > 0 ? (new(isFromRoot, names), shape)
            : throw new FormatException($"'{name}' is not a field. To fix: write {Example}");
    }

    private FormatException Unknown(string name, Shape.Object fields, string of)
    {
        var where = of == "the output" && _loops.TryPeek(out var loop) && !loop.IsElse && fields == Dot ? $"an element of {loop.Name}" : of;
        var known = fields.Fields.Select(f => f.Name).ToList();
        var near = NearNames.Question(name, known);
        return new FormatException(
            $"'{name}' is not a field of {where}.{(near.Length > 0 ? near : $" Its fields are {string.Join(", ", known)}.")}");
    }

    private static void CheckPrintable(string name, Shape shape)
    {
        switch (shape)
        {
            case Shape.Object of:
                throw new FormatException($"{name} has several fields: {string.Join(", ", of.Fields.Select(f => f.Name))}. " +
                    $"To fix: write {{{{{name.TrimEnd('.')}.{of.Fields[0].Name}}}}}.");
            case Shape.List { Element: Shape.Object of }:
                throw new FormatException(
                    $"{name} is a list of several fields. To fix: write {{{{range {name}}}}}{{{{.{of.Fields[0].Name}}}}}{{{{end}}}}.");
        }
    }

    private static void AddText(List<TemplatePart> parts, string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var escape = text[i] == '\\' && i + 1 < text.Length ? text[i + 1] : ' ';
            var character = escape switch { 'n' => '\n', 't' => '\t', '\\' or '"' => escape, _ => text[i] };
            i += escape is 'n' or 't' or '\\' or '"' ? 1 : 0;
            result.Append(character);
        }

        if (result.Length > 0)
        {
            parts.Add(new LiteralPart(result.ToString()));
        }
    }

    /// <summary>A loop that is not ended yet.</summary>
    private sealed record Loop(string Name, FieldPath Path, Shape Element, Shape Outside, List<TemplatePart> Parts)
    {
        public List<TemplatePart> Body { get; } = [];

        public List<TemplatePart> Otherwise { get; } = [];

        public bool IsElse { get; set; }
    }
}
