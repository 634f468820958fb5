namespace Rx.Kube.Hashing;

/// <summary>A member with what places it.</summary>
internal readonly record struct MemberSlot<TMember>(TMember Member, string HashKey, byte[] Utf8, int Weight);
