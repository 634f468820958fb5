using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Rx.Kube;

/// <summary>
/// Checks YAML event by event before a tree is built from it: limits its depth (the tree is built recursively) and the size its
/// aliases expand to (a few lines can expand to billions of nodes).
/// </summary>
internal static class YamlGuard
{
    internal const int MaxDepth = 40;
    internal const int MaxNodes = 200_000;

    /// <summary>Loads the root of the first document; null when there is none.</summary>
    /// <exception cref="YamlException">The text is not YAML, is too deep, expands to too much, or an anchor contains itself.</exception>
    public static YamlNode? Load(string text)
    {
        Check(text);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            throw At(null, "it cannot be read");
        }

        return yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : null;
    }

    private static void Check(string text)
    {
        var parser = new Parser(new StringReader(text));
        var sizes = new Dictionary<AnchorName, long>();
        var open = new Stack<(AnchorName Anchor, long Start)>();
        long nodes = 0;
        while (MoveNext(parser))
        {
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    nodes += sizes.TryGetValue(alias.Value, out var size)
                        ? size
                        : throw At(alias, "an alias names an anchor that is unknown or contains the alias itself");
                    break;
                case MappingStart or SequenceStart:
                    var start = (NodeEvent)parser.Current;
                    open.Push((start.Anchor, nodes++));
                    if (open.Count > MaxDepth)
                    {
                        throw At(start, $"it is nested deeper than {MaxDepth} levels", "shorten the file: no kubeconfig needs so many");
                    }

                    break;
                case Scalar scalar:
                    nodes++;
                    Remember(sizes, scalar.Anchor, 1);
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, from) = open.Pop();
                    Remember(sizes, anchor, nodes - from);
                    break;
            }

            if (nodes > MaxNodes)
            {
                throw At(
                    parser.Current, $"it has more than {MaxNodes} nodes, with its aliases expanded", "shorten the file, or remove aliases");
            }
        }
    }

    // For some inputs the parser throws something other than its own exception.
    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            throw At(parser.Current, "what follows cannot be read");
        }
    }

    private static void Remember(Dictionary<AnchorName, long> sizes, AnchorName anchor, long size)
    {
        if (!anchor.IsEmpty)
        {
            sizes[anchor] = size;
        }
    }

    private static YamlBoundException At(ParsingEvent? at, string what, string fix = "correct it there") => new(at, what, fix);
}

/// <summary>YAML that is refused with a reason. The message quotes nothing of the text.</summary>
internal sealed class YamlBoundException(ParsingEvent? at, string message, string fix)
    : YamlException(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, message)
{
    /// <summary>Gets how to fix it.</summary>
    public string Fix { get; } = fix;
}
