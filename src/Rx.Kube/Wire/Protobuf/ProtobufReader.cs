using System.Text;

namespace Rx.Kube;

/// <summary>
/// Reads the fields of one message, in the order in which they were written. Nothing is copied, and what the caller does not read is
/// skipped by its length: neither its content nor its depth matters.
/// </summary>
internal ref struct ProtobufReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _origin;
    private int _at;
    private bool _isUnread;

    /// <summary>Starts before the first field.</summary>
    /// <param name="message">The message.</param>
    /// <param name="origin">Its position in the object, for errors.</param>
    public ProtobufReader(ReadOnlySpan<byte> message, int origin = 0)
    {
        _message = message;
        _origin = origin;
    }

    /// <summary>Gets the number of the current field; 0 if there is none.</summary>
    public int Field { get; private set; }

    /// <summary>Gets how the value of the current field is encoded.</summary>
    public ProtobufType Type { get; private set; }

    /// <summary>Gets where the current field starts in the message; at the end, the length of the message.</summary>
    public int Start { get; private set; }

    /// <summary>Gets where the next byte is in the message: after a value that was read, its end.</summary>
    public readonly int Position => _at;

    /// <summary>Gets whether <see cref="Next"/> has reached the end of the message.</summary>
    public readonly bool IsAtEnd => Start == _message.Length;

    /// <summary>Gets whether the message has no fields.</summary>
    public readonly bool IsEmpty => _message.IsEmpty;

    /// <summary>Gets the bytes of the message.</summary>
    public readonly ReadOnlySpan<byte> Message => _message;

    /// <summary>Moves to the next field. A value that was not read is skipped.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="ProtobufException">The message is broken.</exception>
    public bool Next()
    {
        if (_isUnread)
        {
            Skip();
        }

        Start = _at;
        if (_at == _message.Length)
        {
            return false;
        }

        Field = 0;
        var tag = ReadNumber();
        (Field, Type) = (ProtobufNumber.FieldOf(tag), ProtobufNumber.TypeOf(tag));
        _isUnread = true;
        return Field != 0 ? true : throw Wrong("there is no such field");
    }

    /// <summary>Reads a text or another message.</summary>
    /// <returns>Its bytes, without the length before them.</returns>
    /// <exception cref="ProtobufException">The value is neither, or broken.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (Type != ProtobufType.Bytes)
        {
            throw Wrong($"expected a text or a message, found the type {(int)Type}");
        }

        _isUnread = false;
        var length = ReadNumber();
        if (length > (ulong)(_message.Length - _at))
        {
            throw Wrong($"its length is {length}, but only {_message.Length - _at} bytes follow");
        }

        var bytes = _message.Slice(_at, (int)length);
        _at += bytes.Length;
        return bytes;
    }

    /// <summary>Reads another message.</summary>
    /// <exception cref="ProtobufException">The value is no message, or broken.</exception>
    public ProtobufReader ReadMessage()
    {
        var bytes = ReadBytes();
        return new ProtobufReader(bytes, _origin + _at - bytes.Length);
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="ProtobufException">The value is no text, or not UTF-8.</exception>
    public string ReadString()
    {
        try
        {
            return Strict.GetString(ReadBytes());
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("the text is not valid UTF-8");
        }
    }

    /// <summary>Reads a number of 64 bits.</summary>
    /// <exception cref="ProtobufException">The value is no number, or broken.</exception>
    public long ReadInt64()
    {
        if (Type != ProtobufType.Number)
        {
            throw Wrong($"expected a number, found the type {(int)Type}");
        }

        _isUnread = false;
        return (long)ReadNumber();
    }

    /// <summary>Reads a number of 32 bits.</summary>
    /// <exception cref="ProtobufException">The value is no such number, or broken.</exception>
    public int ReadInt32() => ReadInt64() is >= int.MinValue and <= int.MaxValue and var number
        ? (int)number
        : throw Wrong("expected a 32-bit integer, found another number");

    /// <summary>Reads true or false.</summary>
    /// <exception cref="ProtobufException">The value is neither, or broken.</exception>
    public bool ReadBoolean() => ReadInt64() != 0;

    /// <summary>Creates an error about the current field.</summary>
    public readonly ProtobufException Wrong(string what) =>
        new(Field == 0 ? $"{what} (byte {_origin + Start})" : $"field {Field}: {what} (byte {_origin + Start})");

    private void Skip()
    {
        switch (Type)
        {
            case ProtobufType.Number:
                ReadInt64();
                break;
            case ProtobufType.Bytes:
                ReadBytes();
                break;
            case ProtobufType.Eight or ProtobufType.Four:
                _isUnread = false;
                var length = Type == ProtobufType.Eight ? 8 : 4;
                _at = length <= _message.Length - _at ? _at + length : throw Wrong("the message ends in the middle of a number");
                break;
            default:
                throw Wrong($"API servers do not use the type {(int)Type}");
        }
    }

    private ulong ReadNumber()
    {
        var length = ProtobufNumber.Read(_message[_at..], out var value);
        _at += length > 0 ? length
            : throw Wrong(length < 0 ? ProtobufNumber.TooLong : "the message ends in the middle of a number");
        return value;
    }
}
