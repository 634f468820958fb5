namespace Rx.Kube;

/// <summary>How a kind is read in one format.</summary>
/// <param name="Format">The format of the envelopes.</param>
/// <param name="CreateDecoder">Makes the decoder of one subscription, with its limits, for objects in this format.</param>
internal sealed record FormatDecoder<T>(IWireFormat Format, Func<WireLimits, ObjectDecoder<T>> CreateDecoder);
