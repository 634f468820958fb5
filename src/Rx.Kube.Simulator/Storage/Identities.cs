namespace Rx.Kube.Simulator.Storage;

/// <summary>Generates identities from a seed, so that a run can be repeated. Not thread-safe: used under the store's lock.</summary>
internal sealed class Identities(int seed)
{
    // The letters that API servers append to generateName: no vowels, and no letters that look like others.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly Random _random = new(seed);

    internal string Suffix() => new(_random.GetItems<char>(Letters, 5));

    internal string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
