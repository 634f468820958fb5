using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rx.Kube;

/// <summary>
/// Reads the first document of a YAML text as go-yaml v2 reads it for kubectl: merge keys take effect where they stand, the last of
/// duplicate keys counts, and what follows the first document is not read. Depth is limited (trees are walked recursively), and so is the
/// size that aliases expand to (a few lines can expand to billions of nodes).
/// </summary>
internal sealed class YamlTree
{
    private readonly Dictionary<AnchorName, (YamlNode? Node, long Size)> _anchors = [];
    private readonly Parser _parser;
    private readonly int _maxDepth;
    private readonly int _maxNodes;
    private long _nodes;
    private int _depth;

    private YamlTree(string text, int maxDepth, int maxNodes) =>
        (_parser, _maxDepth, _maxNodes) = (new Parser(new StringReader(text)), maxDepth, maxNodes);

    /// <summary>Reads the root of the first document; null when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxDepth">The most levels.</param>
    /// <param name="maxNodes">The most nodes, with aliases expanded.</param>
    /// <exception cref="YamlException">The text is not YAML, is too deep, expands to too much, or an anchor contains itself.</exception>
    public static YamlNode? Load(string text, int maxDepth, int maxNodes)
    {
        var tree = new YamlTree(text, maxDepth, maxNodes);
        while (tree.Next() is { } next)
        {
            if (next is DocumentStart)
            {
                return tree.Read(tree.Next());
            }
        }

        return null;
    }

    /// <summary>
    /// Decodes a file as go-yaml does: UTF-8 or, after a byte order mark, UTF-16. Source: go-yaml readerc.go,
    /// yaml_parser_determine_encoding.
    /// </summary>
    /// <exception cref="DecoderFallbackException">The bytes are not text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xff, 0xfe, .. var rest] => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true).GetString(rest),
        [0xfe, 0xff, .. var rest] => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true).GetString(rest),
        [0xef, 0xbb, 0xbf, .. var rest] => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(rest),
        _ => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes),
    };

    // For some inputs the parser throws something other than its own exception.
    private ParsingEvent? Next()
    {
        try
        {
            return _parser.MoveNext() ? _parser.Current : null;
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            throw At(_parser.Current, "what follows cannot be read");
        }
    }

    private YamlNode Read(ParsingEvent? start)
    {
        if (start is AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var anchored) || anchored.Node is null)
            {
                throw At(alias, "an alias names an anchor that is unknown or contains the alias itself");
            }

            Add(anchored.Size, alias);
            return _depth + anchored.Node.Height <= _maxDepth ? anchored.Node : throw TooDeep(alias);
        }

        var anchor = (start as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var from = _nodes;
        Remember(anchor, null, 0);
        Add(1, start);
        YamlNode node = start switch
        {
            Scalar scalar => ScalarOf(scalar),
            MappingStart mapping => Nested(mapping, ReadMapping),
            SequenceStart sequence => Nested(sequence, ReadSequence),
            _ => throw At(start, "what follows cannot be read"),
        };
        Remember(anchor, node, _nodes - from);
        return node;
    }

    private YamlNode Nested(NodeEvent start, Func<NodeEvent, YamlNode> read)
    {
        if (++_depth > _maxDepth)
        {
            throw TooDeep(start);
        }

        var node = read(start);
        _depth--;
        return node;
    }

    private YamlSequence ReadSequence(NodeEvent start)
    {
        var sequence = new YamlSequence(start.Start.Line);
        while (Next() is { } next and not SequenceEnd)
        {
            sequence.Add(Read(next));
        }

        return sequence;
    }

    private YamlMapping ReadMapping(NodeEvent start)
    {
        var mapping = new YamlMapping(start.Start.Line);
        while (Next() is { } next and not MappingEnd)
        {
            var key = Read(next) as YamlScalar ?? throw At(next, "a key must be text");
            var at = Next();
            var value = Read(at);
            if (key is { Text: "<<", IsPlain: true })
            {
                Merge(mapping, value, at);
            }
            else
            {
                mapping.Set(key.Text, value);
            }
        }

        return mapping;
    }

    // Source: go-yaml v2 decode.go, merge: the first of several mappings takes precedence.
    private void Merge(YamlMapping into, YamlNode value, ParsingEvent? at)
    {
        IEnumerable<YamlNode> sources = value is YamlSequence sequence ? sequence.Items.Reverse() : [value];
        foreach (var source in sources)
        {
            var mapping = source as YamlMapping ?? throw At(at, "<< must name a mapping or a list of mappings");
            Add(mapping.Children.Count, at);
            foreach (var (key, child) in mapping.Children)
            {
                into.Set(key, child);
            }
        }
    }

    private static YamlScalar ScalarOf(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        if (tag == "tag:yaml.org,2002:binary")
        {
            var bytes = new byte[scalar.Value.Length];
            return Convert.TryFromBase64String(scalar.Value, bytes, out var length)
                ? new YamlScalar(Encoding.UTF8.GetString(bytes, 0, length), isPlain: false, scalar.Start.Line)
                : throw At(scalar, "!!binary is not base64");
        }

        return new YamlScalar(
            scalar.Value, scalar.Style == ScalarStyle.Plain && tag != "tag:yaml.org,2002:str", scalar.Start.Line);
    }

    private void Add(long nodes, ParsingEvent? at)
    {
        _nodes += nodes;
        if (_nodes > _maxNodes)
        {
            throw At(
                at, $"it has more than {_maxNodes} nodes, with its aliases expanded",
                $"shorten the file, remove aliases, or raise {nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxKubeconfigNodes)}");
        }
    }

    private void Remember(AnchorName anchor, YamlNode? node, long size)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = (node, size);
        }
    }

    private YamlBoundException TooDeep(ParsingEvent at) => At(
        at, $"it is nested deeper than {_maxDepth} levels",
        "shorten the file: no kubeconfig needs so many; or raise "
        + $"{nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxKubeconfigDepth)}");

    private static YamlBoundException At(ParsingEvent? at, string what, string fix = "correct it there") => new(at, what, fix);
}

/// <summary>YAML that is refused with a reason. The message quotes nothing of the text.</summary>
internal sealed class YamlBoundException(ParsingEvent? at, string message, string fix)
    : YamlException(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, message)
{
    /// <summary>Gets how to fix it.</summary>
    public string Fix { get; } = fix;
}
