namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>One of the two servers.</summary>
/// <param name="Client">A client that trusts it and sends no token of its own.</param>
/// <param name="Url">Its address, with a slash at the end.</param>
/// <param name="Compact">Compacts its store.</param>
internal sealed record Target(HttpClient Client, Uri Url, Func<Task> Compact);
