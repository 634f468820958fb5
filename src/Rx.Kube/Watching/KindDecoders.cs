namespace Rx.Kube;

/// <summary>The decoders of one subscription: one for each format in which it accepts answers.</summary>
internal sealed class KindDecoders<T>
{
    // A server that does not know the parameter ignores it, and sends whole objects. Source: KEP-5958, for JSON.
    private const string Drop = "; drop=metadata.managedFields";

    private readonly EventDecoder<T>[] _decoders;

    /// <summary>Creates the decoders. An exception of a factory reaches the caller.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="choice">The format that the user has chosen.</param>
    /// <param name="limits">The limits of an object.</param>
    /// <param name="outside">Makes what the server sent safe for messages.</param>
    public KindDecoders(ResourceKind<T> kind, WireFormat choice, WireLimits limits, OutsideText outside)
    {
        _decoders =
        [
            .. kind.FormatsFor(choice)
                .Select(f => new EventDecoder<T>(f.Format, f.CreateDecoder(limits), kind.ToString(), outside, limits, kind.MetadataOf)),
        ];
        Accepted = new AcceptedFormats(
            string.Join(',', _decoders.Select(d =>
                d.Format.MediaType + (kind.DropsManagedFields && d.Format is JsonWireFormat ? Drop : ""))),
            (mediaType, body, code) => Of(mediaType).Format.ReadStatus(body, code));
    }

    /// <summary>Gets the formats, as a request accepts them.</summary>
    public AcceptedFormats Accepted { get; }

    /// <inheritdoc cref="EventDecoder{T}.CheckedVersion"/>
    public string CheckedVersion(string version, string of) => _decoders[0].CheckedVersion(version, of);

    /// <summary>Gets the decoder for the format of an answer.</summary>
    public EventDecoder<T> For(HttpResponseMessage response) => Of(response.Content.Headers.ContentType?.MediaType);

    // A server or proxy may answer with any media type, or none. The reader of the last format then reports what is wrong with the body.
    private EventDecoder<T> Of(string? mediaType) =>
        Array.Find(_decoders, d => string.Equals(d.Format.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)) ?? _decoders[^1];
}
