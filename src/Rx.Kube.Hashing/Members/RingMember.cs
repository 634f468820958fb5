namespace Rx.Kube;

/// <summary>A member with what places it, and a small number by which tokens and tables know it for as long as it stays.</summary>
internal sealed record RingMember<TMember>(TMember Member, string HashKey, byte[] Utf8, int Weight, string Zone, int Slot)
{
    /// <summary>A hash of all that places it.</summary>
    public ulong Digest { get; } = Chain.Of(Utf8, Chain.Of((ulong)Weight, Chain.Of(Zone)));
}
