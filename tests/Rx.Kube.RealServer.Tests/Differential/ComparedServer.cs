namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Represents one of the two servers.</summary>
/// <param name="Client">A client that trusts the server and sends no token.</param>
/// <param name="Url">The address, with a slash at the end.</param>
/// <param name="Compact">Compacts the store.</param>
internal sealed record ComparedServer(HttpClient Client, Uri Url, Func<Task> Compact);
