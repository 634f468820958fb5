namespace Rx.Kube.Models;

/// <content>
/// What the decoder needs to recognize endpoints whose JSON did not change: the length and keyed hash of the bytes of each endpoint.
/// Endpoints that were not decoded, and the results of changes, have none.
/// </content>
public sealed partial class SliceEndpoints
{
    // The API server allows 1,000; beyond this a search per endpoint would add up.
    private const int MostSearched = 4096;
    private readonly ulong[] _hashes = [];
    private readonly int[] _lengths = [];

    /// <summary>Takes over decoded endpoints with the hash and length of the bytes of each. The arrays are not copied.</summary>
    internal SliceEndpoints(Endpoint[] items, ulong[] hashes, int[] lengths) => (_items, _hashes, _lengths) = (items, hashes, lengths);

    /// <summary>
    /// Gets whether a text begins with the bytes that an endpoint was decoded from. They are one whole JSON value, so the text after them
    /// is what follows a value.
    /// </summary>
    internal bool BeginsWith(int endpoint, ReadOnlySpan<byte> text)
    {
        var length = endpoint < _lengths.Length ? _lengths[endpoint] : int.MaxValue;
        return length <= text.Length && text[length - 1] == (byte)'}' && KeyedHash.Of(text[..length]) == _hashes[endpoint];
    }

    /// <summary>Gets a decoded endpoint with the hash and length of its bytes.</summary>
    internal (Endpoint Endpoint, ulong Hash, int Length) At(int endpoint) => (_items[endpoint], _hashes[endpoint], _lengths[endpoint]);

    /// <summary>Gets the position of the endpoint that was decoded from such bytes; -1 if there is none.</summary>
    internal int IndexOf(ulong hash, int length)
    {
        var index = _hashes.Length <= MostSearched ? _hashes.AsSpan().IndexOf(hash) : -1;
        return index >= 0 && _lengths[index] == length ? index : -1;
    }
}
