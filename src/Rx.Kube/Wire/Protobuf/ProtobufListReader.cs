namespace Rx.Kube;

/// <summary>
/// Reads one page of a list as it arrives: items are handed over one by one, and the page is never in memory as a whole. The page is an
/// envelope (<see cref="ProtobufEnvelope"/>) around one message, whose fields are the metadata and the items.
/// </summary>
internal sealed class ProtobufListReader
{
    private const int Items = 2;

    // Fields of ListMeta. Source: apimachinery meta/v1 generated.proto.
    private const int ResourceVersion = 2, Continue = 3;

    private const int LongestPrefix = 2 * ProtobufNumber.MaxLength;
    private readonly BytesHandler _onItem;
    private readonly WireLimits _limits;
    private Place _place = Place.Start;
    private long _rest;
    private string _version = "";
    private string _continue = "";

    private ProtobufListReader(BytesHandler onItem, WireLimits limits) => (_onItem, _limits) = (onItem, limits);

    private enum Place
    {
        Start,
        BeforeList,
        InList,
        AfterList,
    }

    /// <summary>Reads a whole page.</summary>
    /// <exception cref="KubeProtocolException">The body is not a list, or exceeds a limit.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    public static async Task<ListPage> ReadAsync(
        Stream stream, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken)
    {
        var page = new ProtobufListReader(onItem, limits);
        using var window = new ByteWindow(stream, limits.MaxObjectBytes + LongestPrefix);
        while (await window.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (window.TotalRead > limits.MaxPageBytes)
            {
                throw page.PageTooLong();
            }

            window.Consume(page.Parse(window.Unread));
        }

        return page._place != Place.AfterList || !window.Unread.IsEmpty
            ? throw new KubeTransportException("the connection ended in the middle of a list")
            : page._version.Length == 0
                ? throw new KubeProtocolException(
                    "the server's answer is not a list: it has no metadata.resourceVersion, so no watch can start from it")
                : new ListPage(page._version, page._continue);
    }

    /// <summary>Reads what is complete and returns its length in bytes.</summary>
    private int Parse(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        try
        {
            for (int step; (step = Step(bytes[consumed..])) > 0;)
            {
                consumed += step;
            }
        }
        catch (ProtobufException e)
        {
            throw new KubeProtocolException($"the server's answer is not a list: {e.Message}", e);
        }

        return consumed;
    }

    /// <summary>Reads the beginning of the body, or one field. Returns its length; 0 when it is not complete yet.</summary>
    private int Step(ReadOnlySpan<byte> bytes)
    {
        if (_place != Place.Start)
        {
            return Field(bytes);
        }

        var magic = ProtobufEnvelope.Magic[..Math.Min(bytes.Length, ProtobufEnvelope.Magic.Length)];
        if (!bytes.StartsWith(magic))
        {
            throw new ProtobufException("it does not begin as an answer in protobuf does");
        }

        if (magic.Length < ProtobufEnvelope.Magic.Length)
        {
            return 0;
        }

        _place = Place.BeforeList;
        return magic.Length;
    }

    private int Field(ReadOnlySpan<byte> bytes)
    {
        if (_place == Place.InList && bytes.Length > _rest)
        {
            bytes = bytes[..(int)_rest];
        }

        var prefix = Length(ProtobufNumber.Read(bytes, out var tag));
        if (prefix == 0)
        {
            return Incomplete(bytes.Length);
        }

        var field = ProtobufNumber.FieldOf(tag);
        ulong length = 0;
        switch (ProtobufNumber.TypeOf(tag))
        {
            case ProtobufType.Bytes when field != 0:
                var size = Length(ProtobufNumber.Read(bytes[prefix..], out length));
                if (size == 0)
                {
                    return Incomplete(bytes.Length);
                }

                prefix += size;
                break;
            case ProtobufType.Number when field != 0:
                length = (ulong)Length(ProtobufNumber.Read(bytes[prefix..], out _));
                if (length == 0)
                {
                    return Incomplete(bytes.Length);
                }

                field = 0; // No field of a list that matters is a number.
                break;
            case ProtobufType.Eight or ProtobufType.Four when field != 0:
                (length, field) = (ProtobufNumber.TypeOf(tag) == ProtobufType.Eight ? 8UL : 4UL, 0);
                break;
            default:
                throw new ProtobufException("a field has a type that API servers do not use");
        }

        return _place == Place.InList ? InList(bytes, field, prefix, length) : Outside(bytes, field, prefix, length);
    }

    private int Outside(ReadOnlySpan<byte> bytes, int field, int prefix, ulong length)
    {
        if (field != ProtobufEnvelope.Raw)
        {
            var end = End(bytes, prefix, length);
            if (field == ProtobufEnvelope.TypeMeta && end > 0)
            {
                var kind = ProtobufEnvelope.KindOf(new ProtobufReader(bytes[prefix..end]));
                if (!kind.IsEmpty && !kind.EndsWith("List"u8))
                {
                    throw new ProtobufException("it is an object of another kind");
                }
            }

            return end;
        }

        if (_place == Place.AfterList)
        {
            throw new ProtobufException("something follows the list");
        }

        if (length > (ulong)_limits.MaxPageBytes)
        {
            throw PageTooLong();
        }

        (_rest, _place) = ((long)length, length == 0 ? Place.AfterList : Place.InList);
        return prefix;
    }

    private int InList(ReadOnlySpan<byte> bytes, int field, int prefix, ulong length)
    {
        if (length > (ulong)(_rest - prefix))
        {
            throw new ProtobufException("a field is longer than the list");
        }

        var end = End(bytes, prefix, length);
        if (end == 0)
        {
            return 0;
        }

        if (field == Items)
        {
            _onItem(bytes[prefix..end]);
        }
        else if (field == ProtobufMeta.Metadata)
        {
            Metadata(new ProtobufReader(bytes[prefix..end]));
        }

        _rest -= end;
        _place = _rest == 0 ? Place.AfterList : Place.InList;
        return end;
    }

    /// <summary>Gets the end of a field; 0 if it has not arrived.</summary>
    private int End(ReadOnlySpan<byte> bytes, int prefix, ulong length) =>
        length > (ulong)_limits.MaxObjectBytes ? throw ByteWindow.TooLong(_limits.MaxObjectBytes)
        : length > (ulong)(bytes.Length - prefix) ? 0
        : prefix + (int)length;

    // What arrives later cannot complete a field that ends with the list.
    private int Incomplete(int available) => _place == Place.InList && available == _rest
        ? throw new ProtobufException("a field is longer than the list")
        : 0;

    private static int Length(int read) => read >= 0 ? read : throw new ProtobufException(ProtobufNumber.TooLong);

    private void Metadata(ProtobufReader reader)
    {
        while (reader.Next())
        {
            if (reader.Field == ResourceVersion)
            {
                _version = reader.ReadString();
            }
            else if (reader.Field == Continue)
            {
                _continue = reader.ReadString();
            }
        }
    }

    private KubeProtocolException PageTooLong() => new(
        $"the server sent a page of a list longer than {_limits.MaxPageBytes} bytes. To fix: if such pages are expected, "
        + $"raise {nameof(WireLimits)}.{nameof(WireLimits.MaxPageBytes)}.");
}
