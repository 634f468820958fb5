namespace Rx.Kube;

/// <summary>What all endpoints of an object share. Claims refer to it instead of copying it: 40 bytes for a slice.</summary>
/// <param name="Slice">The name of the object.</param>
/// <param name="AddressType">The address family.</param>
/// <param name="Ports">The ports.</param>
/// <param name="Member">The identity of the member, for one endpoint that does not have the default; otherwise null.</param>
internal sealed record ClaimContext(string Slice, string AddressType, PortSet Ports, string? Member = null);
