using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>The values in the metadata of an object that change with every write.</summary>
internal enum VolatileValue : byte
{
    /// <summary>Of no use to this library, such as the times in <c>managedFields</c>.</summary>
    Ignored,

    /// <summary><c>resourceVersion</c>.</summary>
    ResourceVersion,

    /// <summary><c>generation</c>, which is not used either, but is a number.</summary>
    Generation,

    /// <summary>The annotation <c>endpoints.kubernetes.io/last-change-trigger-time</c>.</summary>
    TriggerTime,
}

/// <summary>Where the values of the metadata are that change with every write.</summary>
internal struct VolatileValues
{
    private const int Most = 8;
    private Places _places;

    /// <summary>Gets how many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Gets whether the values have another form than an API server gives them: too many, or escaped, or null, or twice.</summary>
    public bool AreUnusual { get; set; }

    /// <summary>Gets a value: what it is, and the position and length of its text, without quotes.</summary>
    public readonly (VolatileValue Value, int Start, int Length) this[int index] => _places[index];

    /// <summary>Notes the value at the reader's current token.</summary>
    public void Note(VolatileValue value, in Utf8JsonReader reader)
    {
        var isNumber = value == VolatileValue.Generation;
        var isUsual = reader.TokenType == (isNumber ? JsonTokenType.Number : JsonTokenType.String) && !reader.ValueIsEscaped;
        if (Count == Most || !isUsual)
        {
            AreUnusual = true;
            return;
        }

        _places[Count++] = (value, (int)reader.TokenStartIndex + (isNumber ? 0 : 1), reader.ValueSpan.Length);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => this = default;

    [InlineArray(Most)]
    private struct Places
    {
        private (VolatileValue Value, int Start, int Length) _first;
    }
}
