using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// An API server in good health that is moderately busy: twenty slices, one of which changes every 40 s on average. It sends a bookmark
/// each minute while versions move, supports streaming lists, and closes each watch at its <c>timeoutSeconds</c>.
/// </summary>
internal sealed class HealthyServer : IDisposable
{
    private readonly VirtualTimeScheduler<long, long> _clock;
    private readonly Random _random;
    private readonly Dictionary<string, EndpointSlice> _slices = [];
    private readonly List<(long Version, string Line)> _history = [];
    private readonly Subject<(long Version, string Line)> _changes = new();
    private readonly Dictionary<ScriptedRequest, Sent> _sent = [];

    public HealthyServer(VirtualTimeScheduler<long, long> clock, int seed)
    {
        (_clock, _random) = (clock, new Random(seed));
        for (var i = 0; i < 20; i++)
        {
            Put($"cache-{i}");
        }

        PlanChange();
    }

    /// <summary>What the server has sent as the answer to a watch.</summary>
    internal sealed class Sent
    {
        public int Initial { get; set; }

        public int Events { get; set; }

        public int Bookmarks { get; set; }

        public override string ToString()
        {
            string[] counts = [Count(Initial, "initial event"), Count(Events, "event"), Count(Bookmarks, "bookmark")];
            return string.Join(", ", counts.Where(c => c.Length > 0));
        }

        private static string Count(int count, string what) => count == 0 ? "" : $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    public long Version { get; private set; } = 1_000;

    public IEnumerable<EndpointSlice> Slices => _slices.Values;

    public Sent SentTo(ScriptedRequest request) => _sent.GetValueOrDefault(request) ?? new();

    public ScriptedResponse Answer(ScriptedRequest request) => request.Query("watch") is null
        ? ScriptedResponse.Of(SliceJson.List($"{Version}", [.. _slices.Values]), after: 20)
        : new ScriptedResponse(Watch(request), after: 5);

    public void Dispose() => _changes.Dispose();

    private IObservable<byte[]> Watch(ScriptedRequest request) => Observable.Defer(() =>
    {
        var sent = _sent[request] = new Sent();
        var streams = request.Query("sendInitialEvents") == "true";
        var reached = streams ? Version : Number(request.Query("resourceVersion")!);
        List<string> initial = [];
        if (streams)
        {
            initial.AddRange(_slices.Values.Select(SliceJson.Added));
            initial.Add(SliceJson.Bookmark($"{Version}", endsInitialEvents: true));
            sent.Initial = initial.Count - 1;
        }

        var missed = _history.Where(h => h.Version > reached).ToList();
        var events = missed.ToObservable().Concat(_changes)
            .Do(e => (reached, sent.Events) = (e.Version, sent.Events + 1)).Select(e => e.Line);
        var told = reached;
        var bookmarks = Observable.Interval(TimeSpan.FromMinutes(1), _clock).Where(_ => reached > told).Do(_ => told = reached)
            .Do(_ => sent.Bookmarks++).Select(_ => SliceJson.Bookmark($"{reached}"));
        var life = TimeSpan.FromSeconds(Number(request.Query("timeoutSeconds")!)) - TimeSpan.FromMilliseconds(5);
        return initial.ToObservable().Concat(events.Merge(bookmarks)).Select(Utf8).TakeUntil(Observable.Timer(life, _clock));
    });

    private void PlanChange() => _clock.Schedule(TimeSpan.FromMilliseconds(_random.Next(1_000, 79_000)), () =>
    {
        var line = Put($"cache-{_random.Next(20)}");
        _history.Add((Version, line));
        _changes.OnNext((Version, line));
        PlanChange();
    });

    private string Put(string name)
    {
        Version += _random.Next(1, 10);
        var slice = Slice.Of(name, "cache", Version, port: 80).With(name, $"10.0.{Version / 256 % 256}.{Version % 256}");
        _slices[name] = slice;
        return SliceJson.Modified(slice);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
