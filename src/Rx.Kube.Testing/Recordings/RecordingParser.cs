using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Reads the lines of a recording. Everything in them is untrusted.</summary>
internal sealed class RecordingParser
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly WireLimits _limits;
    private readonly List<RecordedLine> _lines = [];
    private readonly List<string> _warnings = [];
    private readonly SortedDictionary<string, int> _unknown = new(StringComparer.Ordinal);
    private RecordedLineReader.Page? _list;
    private int _number;

    private RecordingParser(ReadOnlyMemory<byte> content, WireLimits limits) => (_content, _limits) = (content, limits);

    /// <summary>Reads a recording, or what kubectl printed.</summary>
    /// <exception cref="RecordingException">It cannot be read.</exception>
    public static Recording Parse(ReadOnlyMemory<byte> content, WireLimits limits) => new RecordingParser(content, limits).Parse();

    private Recording Parse()
    {
        var at = 0;
        RecordingHeader? header = null;
        while (at < _content.Length)
        {
            var rest = _content.Span[at..];
            var end = rest.IndexOf((byte)'\n');
            var line = _content.Slice(at, end < 0 ? rest.Length : end);
            at += line.Length + 1;
            _number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (line.Length > (long)_limits.MaxObjectBytes + RecordingFormat.MaxEnvelope)
            {
                throw Broken(
                    $"it is longer than {_limits.MaxObjectBytes} bytes. To fix: if such objects are expected, raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxObjectBytes)}");
            }

            try
            {
                if (header is null)
                {
                    header = Header(line);
                    if (header is null)
                    {
                        return KubectlOutput.Parse(_content, _limits);
                    }
                }
                else
                {
                    Line(line);
                }
            }
            catch (JsonException e)
            {
                if (end >= 0)
                {
                    throw Broken(SafeText.Of(e.Message, 300), e);
                }

                _warnings.Add($"the last line, {_number}, is torn, and is ignored");
            }
        }

        return Ended(header ?? throw new RecordingException("The recording is empty: it has no header."));
    }

    private static RecordingHeader? Header(ReadOnlyMemory<byte> line)
    {
        try
        {
            return RecordingHeaderJson.Read(line.Span);
        }
        catch (JsonException)
        {
            return null; // kubectl prints an event over several lines
        }
    }

    private void Line(ReadOnlyMemory<byte> line)
    {
        var read = RecordedLineReader.Read(line, Last, _limits);
        if (read.Unknown is { } unknown)
        {
            _unknown[unknown] = _unknown.GetValueOrDefault(unknown) + 1;
        }
        else if (read.Line is { } one)
        {
            Add(one);
        }
        else if (read.List is { } page)
        {
            Add(page);
        }
    }

    private TimeSpan Last => _lines.Count == 0 ? TimeSpan.Zero : _lines[^1].At;

    private void Add(RecordedLine line)
    {
        if (_list is not null)
        {
            _warnings.Add($"the list before line {_number} has no last page, and is ignored");
            _list = null;
        }

        _lines.Add(line);
    }

    private void Add(RecordedLineReader.Page page)
    {
        if (_list is { } begun && begun.Version != page.Version)
        {
            _warnings.Add($"the list before line {_number} has no last page, and is ignored");
            _list = null;
        }

        var items = _list is { } list ? list.Items.AddRange(page.Items) : page.Items;
        if (items.Length > _limits.MaxItems)
        {
            throw new RecordingException(
                $"Line {_number}: the list has more than {_limits.MaxItems} objects. To fix: if that is expected, raise "
                + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxItems)}.");
        }

        _list = page with { Items = items };
        if (page.IsLast)
        {
            _list = null;
            _lines.Add(new RecordedLine.List(page.At, page.Version, items, page.Skipped, page.Continuity));
        }
    }

    private Recording Ended(RecordingHeader header)
    {
        if (_list is not null)
        {
            _warnings.Add("the last list has no last page, and is ignored");
        }

        _warnings.AddRange(_unknown.Select(u => $"{u.Value} lines of the unknown type {u.Key} are ignored"));
        return new Recording(header, [.. _lines], [.. _warnings], _limits);
    }

    private RecordingException Broken(string why, Exception? error = null) =>
        new($"Line {_number} of the recording cannot be read: {why}.", error);
}
