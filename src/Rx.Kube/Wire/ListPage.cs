using System.Text.Json;

namespace Rx.Kube;

/// <summary>Takes one item of a list. The bytes are only valid during the call.</summary>
internal delegate void ItemHandler(ReadOnlySpan<byte> item);

/// <summary>
/// Reads one page of a list as it arrives: items are handed over one by one and the page is never in memory as a whole.
/// </summary>
internal sealed class ListPage
{
    private readonly ItemHandler _onItem;
    private readonly int _maxItemBytes;
    private JsonReaderState _state = new(WireJson.Options);
    private Place _place = Place.Start;

    private ListPage(ItemHandler onItem, int maxItemBytes) => (_onItem, _maxItemBytes) = (onItem, maxItemBytes);

    private enum Place
    {
        Start,
        Top,
        Items,
        End,
    }

    /// <summary>The version of the list; every page of one list carries the same.</summary>
    public string ResourceVersion { get; private set; } = "";

    /// <summary>The token for the next page; empty on the last.</summary>
    public string Continue { get; private set; } = "";

    /// <summary>Reads a whole page.</summary>
    /// <exception cref="KubeProtocolException">The body is no list, or too long.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    public static async Task<ListPage> ReadAsync(
        Stream stream, WireLimits limits, ItemHandler onItem, CancellationToken cancellationToken)
    {
        var page = new ListPage(onItem, limits.MaxObjectBytes);
        using var window = new ByteWindow(stream, limits.MaxObjectBytes);
        for (var more = true; more;)
        {
            more = await window.FillAsync(cancellationToken).ConfigureAwait(false);
            if (window.TotalRead > limits.MaxPageBytes)
            {
                throw new KubeProtocolException(
                    $"the server sent a page longer than {limits.MaxPageBytes:N0} bytes; if that is meant to be, raise {nameof(WireLimits)}.{nameof(WireLimits.MaxPageBytes)}");
            }

            try
            {
                window.Consume(page.Parse(window.Unread, isLast: !more));
            }
            catch (JsonException e)
            {
                throw new KubeProtocolException($"the server's answer is no list: {e.Message}", e);
            }
        }

        return page._place switch
        {
            not Place.End => throw new KubeTransportException("the connection ended in the middle of a list"),
            _ when page.ResourceVersion.Length == 0 => throw new KubeProtocolException(
                "the server's answer is no list: it has no metadata.resourceVersion, so no watch can start from it"),
            _ => page,
        };
    }

    /// <summary>Takes what is complete and returns how many bytes that was.</summary>
    private int Parse(ReadOnlySpan<byte> json, bool isLast)
    {
        if (isLast && json.IsEmpty)
        {
            return 0;
        }

        var reader = new Utf8JsonReader(json, isLast, _state);
        var consumed = 0;
        while (Step(ref reader, json))
        {
            _state = reader.CurrentState;
            consumed = (int)reader.BytesConsumed;
        }

        return consumed;
    }

    /// <summary>One token, one property of the list or one item; false when it is not complete yet, or at the end.</summary>
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

                var item = json[start..(int)reader.BytesConsumed];
                if (item.Length > _maxItemBytes)
                {
                    throw ByteWindow.TooLong(_maxItemBytes);
                }

                _onItem(item);
                return true;

            default:
                throw new JsonException("something follows the list");
        }
    }

    private bool Property(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("items"u8))
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

        var isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        var value = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isMetadata && value.TokenType == JsonTokenType.StartObject)
        {
            Metadata(ref value);
        }

        return true;
    }

    private void Metadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isContinue = reader.ValueTextEquals("continue"u8);
            reader.Read();
            if (isVersion)
            {
                ResourceVersion = WireJson.TextOf(ref reader);
            }
            else if (isContinue && reader.TokenType != JsonTokenType.Null)
            {
                Continue = WireJson.TextOf(ref reader);
            }
            else
            {
                reader.TrySkip();
            }
        }
    }
}
