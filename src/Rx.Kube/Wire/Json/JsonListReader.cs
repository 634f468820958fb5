using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Reads one page of a list as it arrives: items are handed over one by one, and the page is never in memory as a whole.
/// </summary>
internal sealed class JsonListReader
{
    private readonly BytesHandler _onItem;
    private readonly int _maxItemBytes;
    private JsonReaderState _state = new(WireJson.Options);
    private Place _place = Place.Start;
    private string _version = "";
    private string _continue = "";

    private JsonListReader(BytesHandler onItem, int maxItemBytes) => (_onItem, _maxItemBytes) = (onItem, maxItemBytes);

    private enum Place
    {
        Start,
        Top,
        Items,
        End,
    }

    /// <summary>Reads a whole page.</summary>
    /// <exception cref="KubeProtocolException">The body is not a list, or exceeds a limit.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    public static async Task<ListPage> ReadAsync(
        Stream stream, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken)
    {
        var page = new JsonListReader(onItem, limits.MaxObjectBytes);
        using var window = new ByteWindow(stream, limits.MaxObjectBytes);
        for (var more = true; more;)
        {
            more = await window.FillAsync(cancellationToken).ConfigureAwait(false);
            if (window.TotalRead > limits.MaxPageBytes)
            {
                throw new KubeProtocolException(
                    $"the server sent a page of a list longer than {limits.MaxPageBytes} bytes. To fix: if such pages are expected, "
                    + $"raise {nameof(WireLimits)}.{nameof(WireLimits.MaxPageBytes)}.");
            }

            window.Consume(page.Parse(window.Unread, isLast: !more));
        }

        return page._place switch
        {
            not Place.End => throw new KubeTransportException("the connection ended in the middle of a list"),
            _ when page._version.Length == 0 => throw new KubeProtocolException(
                "the server's answer is not a list: it has no metadata.resourceVersion, so no watch can start from it"),
            _ => new ListPage(page._version, page._continue),
        };
    }

    /// <summary>Reads what is complete and returns its length in bytes.</summary>
    private int Parse(ReadOnlySpan<byte> json, bool isLast)
    {
        if (isLast && json.IsEmpty)
        {
            return 0;
        }

        var reader = new Utf8JsonReader(json, isLast, _state);
        var consumed = 0;
        try
        {
            while (Step(ref reader, json))
            {
                _state = reader.CurrentState;
                consumed = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException e)
        {
            throw WireJson.Unreadable(reader, "the server's answer is not a list", e);
        }

        return consumed;
    }

    /// <summary>Reads one token, one property of the list or one item. False when it is not complete yet, or at the end.</summary>
    private bool Step(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                _place = reader.TokenType == JsonTokenType.StartObject ? Place.Top : throw new JsonException("it is not an object");
                return true;

            case Place.Top when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;

            case Place.Top:
                return Property(ref reader);

            case Place.Items when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.Top;
                return true;

            case Place.Items:
                var start = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                {
                    return false;
                }

                var end = (int)reader.BytesConsumed;
                ThrowIfTooLong(end - start);
                _onItem(json[start..end]);
                return true;

            default:
                throw new JsonException("something follows the list");
        }
    }

    private bool Property(ref Utf8JsonReader reader)
    {
        if (WireJson.Is(reader, "items"u8))
        {
            if (!reader.Read())
            {
                return false;
            }

            // Go writes a nil slice as null.
            _place = reader.TokenType switch
            {
                JsonTokenType.StartArray => Place.Items,
                JsonTokenType.Null => Place.Top,
                _ => throw new JsonException("items is not an array"),
            };
            return true;
        }

        var isMetadata = WireJson.Is(reader, "metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        var value = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        ThrowIfTooLong(reader.BytesConsumed - value.TokenStartIndex);

        if (isMetadata && value.TokenType == JsonTokenType.StartObject)
        {
            Metadata(ref value);
        }

        return true;
    }

    private void ThrowIfTooLong(long length)
    {
        if (length > _maxItemBytes)
        {
            throw ByteWindow.TooLong(_maxItemBytes);
        }
    }

    private void Metadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = WireJson.Is(reader, "resourceVersion"u8);
            var isContinue = WireJson.Is(reader, "continue"u8);
            reader.Read();
            if (isVersion)
            {
                _version = WireJson.TextOf(ref reader);
            }
            else if (isContinue && reader.TokenType != JsonTokenType.Null)
            {
                _continue = WireJson.TextOf(ref reader);
            }
            else
            {
                reader.TrySkip();
            }
        }
    }
}
