namespace Rx.Kube.Benchmarks.Transport;

/// <summary>A port of the server of <c>compare transport</c>.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="IsHttp2">Whether it speaks HTTP/2 only; else HTTP/1.1 only.</param>
/// <param name="RecordBytes">The size of its TLS records; null for no TLS.</param>
internal sealed record Listener(string Name, bool IsHttp2, int? RecordBytes)
{
    /// <summary>What the API server speaks: HTTP/2 in TLS records of 16 KiB.</summary>
    public static readonly Listener Usual = new("HTTP/2, TLS", true, 16 * 1024);

    /// <summary>HTTP/2 without TLS, which begins without a negotiation.</summary>
    public static readonly Listener PlainHttp2 = new("HTTP/2, plain", true, null);

    /// <summary>Every combination of protocol and TLS.</summary>
    public static readonly Listener[] Protocols =
        [Usual, PlainHttp2, new("HTTP/1.1, TLS", false, 16 * 1024), new("HTTP/1.1, plain", false, null)];

    /// <summary>HTTP/2 in smaller TLS records: one of a network packet, and the size of the blocks of Kestrel.</summary>
    public static readonly Listener[] SmallRecords =
        [new("HTTP/2, TLS records of 4 KiB", true, 4 * 1024), new("HTTP/2, TLS records of 1.4 KB", true, 1400)];

    /// <summary>All ports, in the order in which the server opens them.</summary>
    public static readonly Listener[] All = [.. Protocols, .. SmallRecords];

    /// <summary>Gets whether it speaks TLS.</summary>
    public bool IsTls => RecordBytes is not null;
}
