using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>The reply of a server, before any fault of the network.</summary>
internal sealed record Reply(IObservable<byte[]> Body, HttpStatusCode Status = HttpStatusCode.OK);

/// <summary>
/// A model of an API server with one collection: objects, a version for every change, and a history that is compacted at times. Lists may
/// be outdated where the client allows it, like those of a real server's cache.
/// </summary>
internal sealed class ModelServer(IScheduler clock, Random random) : IDisposable
{
    private sealed record State(long Version, ImmutableSortedDictionary<string, EndpointSlice> Slices, string Line);

    private readonly List<State> _states = [new(100, ImmutableSortedDictionary.Create<string, EndpointSlice>(StringComparer.Ordinal), "")];
    private readonly Subject<State> _changes = new();
    private long _oldest = 100;

    /// <summary>Gets the pods and their addresses at a version; null for an unknown version.</summary>
    public string? At(string version) => _states.Find(s => Text(s.Version) == version) is { } state ? PodsOf(state) : null;

    /// <summary>Gets the current pods and their addresses.</summary>
    public string Now => PodsOf(_states[^1]);

    /// <summary>Adds, changes or deletes an object.</summary>
    public void Change()
    {
        var (number, last) = (random.Next(6), _states[^1]);
        var (name, version) = ($"s{number}", last.Version + random.Next(1, 4));
        var known = last.Slices.GetValueOrDefault(name);
        var slice = known is not null && random.Next(3) == 0
            ? null
            : Slice.Of(name, "cache", version, port: 80).With($"pod-{number}", $"10.{number}.{version / 256 % 256}.{version % 256}");
        var line = slice is null
            ? SliceJson.Deleted(known!.At(version))
            : known is null ? SliceJson.Added(slice) : SliceJson.Modified(slice);
        _states.Add(new(version, slice is null ? last.Slices.Remove(name) : last.Slices.SetItem(name, slice), line));
        _changes.OnNext(_states[^1]);
    }

    /// <summary>Compacts the history: neither watches nor pages can continue from an older version.</summary>
    public void Compact() => _oldest = _states[^1].Version;

    public Reply Answer(ScriptedRequest request)
    {
        var version = request.Query("resourceVersion") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        return request.Query("watch") is not null
            ? Watch(version, int.Parse(request.Query("timeoutSeconds")!, CultureInfo.InvariantCulture))
            : request.Query("continue") is { } token ? Page(token, request)
            : Page(version == 0 ? _states[^1].Version : AnyFrom(Math.Max(version, _oldest)), 0, request);
    }

    public void Dispose() => _changes.Dispose();

    private Reply Watch(long from, int seconds) => from < _oldest
        ? Gone(asEvent: random.Next(2) == 0)
        : new(Observable.Create<byte[]>(observer =>
            {
                foreach (var state in _states.Where(s => s.Version > from))
                {
                    observer.OnNext(Utf8(state.Line));
                }

                var bookmarks = Observable.Timer(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), clock)
                    .Select(_ => SliceJson.Bookmark(Text(_states[^1].Version)));
                return _changes.Select(s => s.Line).Merge(bookmarks).Select(Utf8).Subscribe(observer);
            })
            .TakeUntil(Observable.Timer(TimeSpan.FromSeconds(seconds), clock)));

    private Reply Page(string token, ScriptedRequest request)
    {
        var parts = token.Split('/').Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return parts[0] < _oldest ? Gone(asEvent: false) : Page(parts[0], (int)parts[1], request);
    }

    private Reply Page(long version, int start, ScriptedRequest request)
    {
        var all = _states.Find(s => s.Version == version)!.Slices.Values.ToArray();
        var end = request.Query("limit") is { } limit
            ? Math.Min(start + int.Parse(limit, CultureInfo.InvariantCulture), all.Length)
            : all.Length;
        var next = end < all.Length ? $"{version}/{end}" : "";
        return new(Observable.Return(Utf8(SliceJson.Page(Text(version), next, all[start..end]))));
    }

    private long AnyFrom(long version)
    {
        var versions = _states.Where(s => s.Version >= version).ToList();
        return versions[random.Next(versions.Count)].Version;
    }

    private static Reply Gone(bool asEvent) => asEvent
        ? new(Observable.Return(Utf8(Lines['g'])))
        : new(Observable.Return(Utf8(SliceJson.Status(410, "Expired"))), HttpStatusCode.Gone);

    private static string PodsOf(State state) =>
        string.Join(' ', state.Slices.Values.SelectMany(s => s.Endpoints).Select(e => $"{e.TargetRef!.Name}@{e.Addresses[0]}"));

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
