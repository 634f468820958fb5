namespace Rx.Kube.Hashing.Tokens;

/// <summary>A token and the slot of its member.</summary>
internal readonly record struct RingPoint(ulong Token, int Slot);
