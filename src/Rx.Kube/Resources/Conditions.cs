namespace Rx.Kube;

/// <summary>The conditions of an endpoint, in one byte. Null is an absent one.</summary>
internal readonly record struct Conditions
{
    // Two bits for each condition: 0 is absent.
    private const byte False = 1;
    private const byte True = 2;

    /// <param name="ready">Whether it is ready.</param>
    /// <param name="serving">Whether it is serving.</param>
    /// <param name="terminating">Whether it is terminating.</param>
    public Conditions(bool? ready, bool? serving, bool? terminating) =>
        Bits = (byte)(BitsOf(ready) | (BitsOf(serving) << 2) | (BitsOf(terminating) << 4));

    /// <summary>Gets or sets the byte, for a class: among its fields a structure takes eight.</summary>
    public byte Bits { get; init; }

    /// <summary>Gets whether it is ready.</summary>
    public bool? Ready => At(0);

    /// <summary>Gets whether it is serving.</summary>
    public bool? Serving => At(2);

    /// <summary>Gets whether it is terminating.</summary>
    public bool? Terminating => At(4);

    /// <summary>
    /// Reads conditions as an API server writes them: <c>{"ready":true,"serving":true,"terminating":false}</c>, or some of them.
    /// </summary>
    /// <param name="text">A text that begins with them.</param>
    /// <param name="length">The length of their text.</param>
    /// <param name="conditions">The conditions.</param>
    /// <returns>False for any other text, which may well be conditions.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out int length, out Conditions conditions)
    {
        (length, conditions) = (0, default);
        var rest = text;
        if (!TryTake(ref rest, "{"u8) ||
            !TryReadOne(ref rest, "\"ready\":"u8, isFirst: true, out var ready) ||
            !TryReadOne(ref rest, "\"serving\":"u8, isFirst: ready is null, out var serving) ||
            !TryReadOne(ref rest, "\"terminating\":"u8, isFirst: ready is null && serving is null, out var terminating) ||
            !TryTake(ref rest, "}"u8))
        {
            return false;
        }

        (length, conditions) = (text.Length - rest.Length, new(ready, serving, terminating));
        return true;
    }

    private static int BitsOf(bool? value) => value is { } known ? (known ? True : False) : 0;

    private bool? At(int shift) => ((Bits >> shift) & 3) switch
    {
        0 => null,
        var value => value == True,
    };

    private static bool TryReadOne(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, bool isFirst, out bool? value)
    {
        value = null;
        var after = rest;
        if (!(isFirst || TryTake(ref after, ","u8)) || !TryTake(ref after, name))
        {
            return true;
        }

        value = TryTake(ref after, "true"u8) ? true : TryTake(ref after, "false"u8) ? false : null;
        rest = after;
        return value is not null;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> text)
    {
        var begins = rest.StartsWith(text);
        rest = begins ? rest[text.Length..] : rest;
        return begins;
    }
}
