using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The endpoints of a slice with the length and the keyed hash of the bytes each was decoded from: where the same bytes come again,
/// the same object is the answer. Immutable. The slice holds it, the decoder only weakly: it lives as long as somebody uses the slice.
/// </summary>
internal sealed class DecodedEndpoints(ImmutableArray<Endpoint> endpoints, ulong[] hashes, int[] lengths)
{
    // The API server allows 1,000; beyond this a search per endpoint would add up.
    private const int MostSearched = 4096;

    /// <summary>The endpoints.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; } = endpoints;

    /// <summary>
    /// Whether the text begins with the very bytes an endpoint was decoded from. Those are one whole JSON value,
    /// so the text that follows them is what comes after a value.
    /// </summary>
    public bool BeginsWith(int endpoint, ReadOnlySpan<byte> text)
    {
        var length = endpoint < lengths.Length ? lengths[endpoint] : int.MaxValue;
        return length <= text.Length && text[length - 1] == (byte)'}' && KeyedHash.Of(text[..length]) == hashes[endpoint];
    }

    /// <summary>One endpoint, with the hash and the length of its bytes.</summary>
    public (Endpoint Endpoint, ulong Hash, int Length) At(int endpoint) => (Endpoints[endpoint], hashes[endpoint], lengths[endpoint]);

    /// <summary>Where an endpoint of these bytes is; -1 if nowhere.</summary>
    public int IndexOf(ulong hash, int length)
    {
        var index = hashes.Length <= MostSearched ? hashes.AsSpan().IndexOf(hash) : -1;
        return index >= 0 && lengths[index] == length ? index : -1;
    }
}
