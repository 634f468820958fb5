using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Reads values as the API server's own decoder does: null is the zero value of the expected type, and any other wrong type is an
/// error. Methods that read on start at the token before the value, such as the property name.
/// </summary>
internal static class JsonFields
{
    /// <summary>Moves to the next property of an object. Returns false at its end.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Moves to the next element of an array. Returns false at its end.</summary>
    public static bool NextElement(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Reads on and returns true at the start of an object, false for null.</summary>
    public static bool BeginObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        return IsObject(ref reader);
    }

    /// <summary>Gets whether the current token starts an object; false for null.</summary>
    public static bool IsObject(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw Unexpected("an object", ref reader),
    };

    /// <summary>Reads on and returns true at the start of an array, false for null.</summary>
    public static bool BeginArray(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw Unexpected("an array", ref reader),
        };
    }

    /// <summary>Reads on and returns a string, or null.</summary>
    public static string? ReadString(ref Utf8JsonReader reader, StringPool? pool = null)
    {
        reader.Read();
        return CurrentString(ref reader, pool);
    }

    /// <summary>Gets the current token: a string, or null.</summary>
    public static string? CurrentString(ref Utf8JsonReader reader, StringPool? pool = null) => reader.TokenType switch
    {
        JsonTokenType.String => pool is null ? reader.GetString() : pool.Get(ref reader),
        JsonTokenType.Null => null,
        _ => throw Unexpected("a string", ref reader),
    };

    /// <summary>Reads on and returns a boolean, or null.</summary>
    public static bool? ReadBoolean(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw Unexpected("true or false", ref reader),
        };
    }

    /// <summary>Reads on and returns a 32-bit integer, or null.</summary>
    public static int? ReadInt32(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
            JsonTokenType.Number => throw new JsonException("expected a 32-bit integer, found another number"),
            JsonTokenType.Null => null,
            _ => throw Unexpected("a 32-bit integer", ref reader),
        };
    }

    /// <summary>Reads on and returns an RFC 3339 time, or null.</summary>
    public static DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => TimeOf(ref reader) ?? throw new JsonException("expected an RFC 3339 time, found another string"),
            JsonTokenType.Null => null,
            _ => throw Unexpected("a string", ref reader),
        };
    }

    /// <summary>Gets the time in the current token, a string; null if it is not an RFC 3339 time.</summary>
    public static DateTimeOffset? TimeOf(ref Utf8JsonReader reader) =>
        // Without an offset the runtime would assume the local time of this machine.
        reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified && reader.TryGetDateTimeOffset(out var exact)
            ? exact
            : null;

    /// <summary>
    /// Reads on and returns whether the first of the <c>conditions</c> of this type has the status <c>True</c>. Absent, unknown and null
    /// are false.
    /// </summary>
    public static bool ReadCondition(ref Utf8JsonReader reader, ReadOnlySpan<byte> type)
    {
        bool? found = null;
        if (BeginArray(ref reader))
        {
            while (NextElement(ref reader))
            {
                var (isOfType, isTrue) = (false, false);
                if (IsObject(ref reader))
                {
                    while (NextProperty(ref reader))
                    {
                        if (reader.ValueTextEquals("type"u8))
                        {
                            isOfType = ReadIs(ref reader, type);
                        }
                        else if (reader.ValueTextEquals("status"u8))
                        {
                            isTrue = ReadIs(ref reader, "True"u8);
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }
                }

                found ??= isOfType ? isTrue : null;
            }
        }

        return found ?? false;
    }

    /// <summary>Reads on and checks the kind. The items of a list do not have one.</summary>
    public static void RequireKind(ref Utf8JsonReader reader, string kind, StringPool strings)
    {
        if (ReadString(ref reader, strings) is { Length: > 0 } found && found != kind)
        {
            throw new JsonException($"the object is not of kind {kind}");
        }
    }

    /// <summary>Reads the rest of an array of strings, from the current element on, and returns all of it.</summary>
    public static EquatableArray<string> ReadMore(string first, ref Utf8JsonReader reader)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        all.Add(first);
        do
        {
            all.Add(CurrentString(ref reader) ?? "");
        }
        while (NextElement(ref reader));

        return all.ToImmutable();
    }

    private static bool ReadIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.ValueTextEquals(text),
            JsonTokenType.Null => false,
            _ => throw Unexpected("a string", ref reader),
        };
    }

    private static JsonException Unexpected(string expected, ref Utf8JsonReader reader) =>
        new($"expected {expected}, found {Describe(reader.TokenType)}");

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
