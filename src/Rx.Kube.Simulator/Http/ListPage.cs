using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>One page of a list, or the whole list.</summary>
/// <param name="Version">The version of the whole list.</param>
/// <param name="Objects">The objects of this page.</param>
/// <param name="Continue">The token of the next page; null if there is none.</param>
/// <param name="Remaining">The number of objects that follow; null if the server does not count them.</param>
internal sealed record ListPage(long Version, IReadOnlyList<StoredObject> Objects, string? Continue = null, long? Remaining = null);
