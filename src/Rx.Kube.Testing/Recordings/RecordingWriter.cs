using System.Buffers;
using System.Reactive.Concurrency;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Writes one recording, line by line; each line is flushed. Thread-safe.</summary>
internal sealed class RecordingWriter<T> : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly IStopwatch _clock;
    private readonly DateTimeOffset _start;
    private readonly Action<Utf8JsonWriter, T> _encode;
    private readonly Func<string, string> _redact;
    private readonly Pseudonyms? _names;
    private readonly ObjectRedaction _objects;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _object = new();
    private readonly IDisposable? _marks;
    private TimeSpan _last;
    private bool _isOver;

    /// <summary>Starts a recording: writes its header.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public RecordingWriter(Stream stream, RecordingOptions<T> options, Action<Utf8JsonWriter, T> encode, IScheduler scheduler)
    {
        (_stream, _encode, _start, _clock) = (stream, encode, scheduler.Now, scheduler.StartStopwatch());
        _redact = options.Redact ?? (text => text);
        _names = options.Anonymize ? new Pseudonyms() : null;
        _objects = new ObjectRedaction(_redact, _names);
        try
        {
            Line(w => RecordingHeaderJson.Write(w, Safe(options.Header) with { Started = _start, IsAnonymized = options.Anonymize }));
            _marks = options.Marks?.Subscribe(Mark);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes an event.</summary>
    public void Write(WatchEvent<T> next)
    {
        switch (next)
        {
            case WatchEvent<T>.Listed e:
                List(e);
                break;
            case WatchEvent<T>.Modified e:
                Change(RecordingFormat.Modified, e.Object, e.ResourceVersion);
                break;
            case WatchEvent<T>.Added e:
                Change(RecordingFormat.Added, e.Object, e.ResourceVersion);
                break;
            case WatchEvent<T>.Deleted e:
                Change(RecordingFormat.Deleted, e.Object, e.ResourceVersion);
                break;
            case WatchEvent<T>.Bookmark e:
                Event(RecordingFormat.Bookmark, w => Bookmark(w, e));
                break;
            case WatchEvent<T>.Skipped e:
                Event(RecordingFormat.Skipped, w => Skipped(w, e.Object, e.ResourceVersion, e.IsDeletion));
                break;
            case WatchEvent<T>.Opened:
                Event(RecordingFormat.Opened);
                break;
            case WatchEvent<T>.Interrupted e:
                Event(RecordingFormat.Gap, w => Gap(w, e.Interruption));
                break;
            case WatchEvent<T>.Resumed:
                Event(RecordingFormat.Resumed);
                break;
        }
    }

    /// <summary>Writes the failure of the stream.</summary>
    public void Fail(Exception error) => Last(error is KubeStatusException status ? RecordingFormat.Error : RecordingFormat.Failed, w =>
    {
        if (error is not KubeStatusException { Status: var status })
        {
            w.WriteString("message", Message(error.Message, error.GetType().Name));
            return;
        }

        w.WriteStartObject("object");
        w.WriteString("kind", "Status");
        w.WriteString("apiVersion", "v1");
        w.WriteString("message", Message(status.Message, status.Reason));
        w.WriteString("reason", status.Reason);
        w.WriteNumber("code", status.Code);
        w.WriteEndObject();
    });

    /// <summary>Writes the completion of the stream.</summary>
    public void Complete() => Last(RecordingFormat.Closed);

    /// <summary>Ends the recording.</summary>
    public void Dispose()
    {
        _marks?.Dispose();
        try
        {
            Last(RecordingFormat.End);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The stream failed before, which its observer knows; or the last line is missing, which a reader ignores.
        }

        lock (_gate)
        {
            _isOver = true;
            try
            {
                _stream.Dispose();
            }
            catch (IOException)
            {
                // Each line was flushed.
            }
        }
    }

    private void Mark(string text) => Event(RecordingFormat.Mark, w => w.WriteString("text", Cut(_redact(text))));

    private RecordingHeader Safe(RecordingHeader header) => _names is null ? header : header with
    {
        Namespace = _names.Place(header.Namespace, "namespace"),
        Service = _names.Name(header.Service, "service"),
        LabelSelector = header.Service.Length == 0
            ? "" : $"{Models.EndpointSlice.ServiceNameLabel}={_names.Name(header.Service, "service")}",
        FieldSelector = "",
    };

    // A message may name hosts and objects.
    private string Message(string text, string anonymous) => _names is null ? Cut(_redact(text)) : anonymous;

    private static string Cut(string text) => text.Length <= RecordingFormat.MaxText ? text : text[..RecordingFormat.MaxText];

    private void Change(string type, T item, string version)
    {
        lock (_gate)
        {
            if (!TryEncode(item, out var raw, out var reason))
            {
                Event(RecordingFormat.Skipped, w => Skipped(
                    w, new(raw.Namespace, raw.Name, version, reason), version, type == RecordingFormat.Deleted));
                return;
            }

            Event(type, w =>
            {
                if (raw.ResourceVersion != version)
                {
                    w.WriteString("resourceVersion", version);
                }

                w.WritePropertyName("object");
                w.WriteRawValue(_object.WrittenSpan, skipInputValidation: true);
            });
        }
    }

    private void List(WatchEvent<T>.Listed list)
    {
        lock (_gate)
        {
            var (items, skipped) = (new Queue<byte[]>(), list.SkippedItems.ToList());
            foreach (var item in list.Items)
            {
                if (TryEncode(item, out var raw, out var reason))
                {
                    items.Enqueue(_object.WrittenSpan.ToArray());
                }
                else
                {
                    skipped.Add(new(raw.Namespace, raw.Name, raw.ResourceVersion, reason));
                }
            }

            var page = 1;
            do
            {
                var size = 0;
                var part = new List<byte[]>();
                while (items.TryPeek(out var next) && (part.Count == 0 || size + next.Length <= RecordingFormat.PageSize))
                {
                    part.Add(items.Dequeue());
                    size += next.Length;
                }

                Event(RecordingFormat.List, w => Page(w, list, part, items.Count > 0 ? ++page : 0, skipped));
            }
            while (items.Count > 0);
        }
    }

    private void Page(Utf8JsonWriter w, WatchEvent<T>.Listed list, List<byte[]> items, int next, List<SkippedObject> skipped)
    {
        if (next == 0)
        {
            w.WriteString("continuity", list.Continuity.ToString());
            if (skipped.Count > 0)
            {
                w.WriteStartArray("skipped");
                foreach (var one in skipped)
                {
                    w.WriteStartObject();
                    Skipped(w, one, one.ResourceVersion, isDeletion: false);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            }
        }

        w.WriteStartObject("object");
        w.WriteStartObject("metadata");
        w.WriteString("resourceVersion", list.ResourceVersion);
        if (next > 0)
        {
            w.WriteString("continue", next.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        w.WriteEndObject();
        w.WriteStartArray("items");
        foreach (var item in items)
        {
            w.WriteRawValue(item, skipInputValidation: true);
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Bookmark(Utf8JsonWriter w, WatchEvent<T>.Bookmark bookmark)
    {
        w.WritePropertyName("object");
        w.WriteStartObject();
        w.WriteStartObject("metadata");
        w.WriteString("resourceVersion", bookmark.ResourceVersion);
        if (bookmark.EndsInitialEvents)
        {
            w.WriteStartObject("annotations");
            w.WriteString("k8s.io/initial-events-end", "true");
            w.WriteEndObject();
        }

        w.WriteEndObject();
        w.WriteEndObject();
    }

    private void Skipped(Utf8JsonWriter w, SkippedObject skipped, string version, bool isDeletion)
    {
        w.WriteString("reason", Message(skipped.Reason, "it could not be decoded"));
        if (isDeletion)
        {
            w.WriteBoolean("deletion", true);
        }

        if (version != skipped.ResourceVersion)
        {
            w.WriteString("resourceVersion", version);
        }

        w.WriteStartObject("object");
        w.WriteStartObject("metadata");
        w.WriteString("namespace", _names?.Place(skipped.Namespace, "namespace") ?? skipped.Namespace);
        w.WriteString("name", _names?.Name(skipped.Name, "object") ?? skipped.Name);
        w.WriteString("resourceVersion", skipped.ResourceVersion);
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private void Gap(Utf8JsonWriter w, WatchInterruption gap)
    {
        w.WriteString("cause", gap.Kind.ToString());
        w.WriteString("message", Message(gap.Message, gap.Kind.ToString()));
        w.WriteNumber("since", RecordingFormat.Seconds(gap.Since - _start));
        w.WriteNumber("failed", RecordingFormat.Seconds(gap.At - _start));
        w.WriteNumber("retryAfter", RecordingFormat.Seconds(gap.RetryAfter));
        w.WriteNumber("attempts", gap.FailedAttempts);
    }

    /// <summary>Encodes an object into the buffer for it.</summary>
    private bool TryEncode(T item, out RawMetadata metadata, out string reason)
    {
        (metadata, reason) = (new("", "", "", ""), "");
        try
        {
            _line.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_line))
            {
                _encode(writer, item);
            }

            metadata = RawMetadata.Read(_line.WrittenSpan);
            _object.ResetWrittenCount();
            using var copy = new Utf8JsonWriter(_object);
            _objects.Copy(copy, _line.WrittenSpan);
            return true;
        }
        catch (JsonException e)
        {
            reason = e.Message;
            return false;
        }
    }

    private void Last(string type, Action<Utf8JsonWriter>? write = null)
    {
        lock (_gate)
        {
            Event(type, write);
            _isOver = true;
        }
    }

    private void Event(string type, Action<Utf8JsonWriter>? write = null)
    {
        lock (_gate)
        {
            _last = _clock.Elapsed > _last ? _clock.Elapsed : _last;
            Line(w =>
            {
                w.WriteNumber("at", RecordingFormat.Seconds(_last));
                w.WriteString("type", type);
                write?.Invoke(w);
            });
        }
    }

    private void Line(Action<Utf8JsonWriter> write)
    {
        if (_isOver)
        {
            return;
        }

        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        _line.Write("\n"u8);
        _stream.Write(_line.WrittenSpan);
        _stream.Flush();
    }
}
