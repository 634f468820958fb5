namespace Rx.Kube.Hashing.Tests;

/// <summary>A member of a ring. Its address does not place it.</summary>
internal sealed record Node(string Name, int Weight = 1, string? Zone = null, string Address = "");
