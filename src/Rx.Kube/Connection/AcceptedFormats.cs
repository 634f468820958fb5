namespace Rx.Kube;

/// <summary>Reads the Status in the body of an error. Never throws on what the network sent.</summary>
/// <param name="mediaType">The media type of the answer; null when it has none.</param>
/// <param name="body">The body.</param>
/// <param name="fallbackCode">The code where the body has none, or is not a Status.</param>
internal delegate (KubeStatus Status, TimeSpan? RetryAfter) StatusReader(string? mediaType, ReadOnlySpan<byte> body, int fallbackCode);

/// <summary>The formats that the sender of a request can read. A server encodes its errors in them, too.</summary>
/// <param name="MediaTypes">The value of the <c>Accept</c> header, the preferred media type first.</param>
/// <param name="ReadStatus">Reads the body of an error.</param>
internal sealed record AcceptedFormats(string MediaTypes, StatusReader ReadStatus)
{
    /// <summary>Gets whether the answer may be compressed: <c>Accept-Encoding: gzip</c>.</summary>
    public bool AcceptsGzip { get; init; }

    /// <summary>Gets the acceptance of JSON alone.</summary>
    public static AcceptedFormats Json { get; } = new("application/json", (_, body, code) => KubeStatusReader.Read(body, code));
}
