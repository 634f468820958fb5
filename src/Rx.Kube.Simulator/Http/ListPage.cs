using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>One page of a list, or all of it.</summary>
/// <param name="Version">The version the whole list is of.</param>
/// <param name="Objects">The objects of this page.</param>
/// <param name="Continue">The token of the next page, if there is one.</param>
/// <param name="Remaining">How many follow, where the server knows.</param>
internal sealed record ListPage(long Version, IReadOnlyList<StoredObject> Objects, string? Continue = null, long? Remaining = null);
