namespace Rx.Kube.Cli.Rings;

/// <summary>A member as a ring knows it.</summary>
/// <param name="Name">Its identity, from the network.</param>
/// <param name="Zone">Where it is, from the network; null when unknown.</param>
internal sealed record RingMember(string Name, string? Zone);
