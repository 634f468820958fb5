namespace Rx.Kube;

/// <summary>The properties of a page of a list, other than its items.</summary>
/// <param name="ResourceVersion">The version of the list; every page of one list has the same. Never empty.</param>
/// <param name="Continue">The token for the next page; empty on the last one.</param>
internal readonly record struct ListPage(string ResourceVersion, string Continue);
