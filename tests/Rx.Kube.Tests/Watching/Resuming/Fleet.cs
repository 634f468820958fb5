using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// Clients of some API servers, with the default timings. Each client starts within the first ten minutes, so that watches have all ages
/// when something happens to them at one instant.
/// </summary>
internal sealed class Fleet : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly Random _random = new(20261128);
    private readonly List<Subject<Unit>> _servers;
    private readonly Subject<Exception> _faults = new();
    private readonly List<IDisposable> _clients = [];
    private readonly List<int> _open;
    private int? _down;

    /// <param name="clients">The number of clients.</param>
    /// <param name="servers">The number of servers; each watch is at one of those that are up, by chance.</param>
    public Fleet(int clients, int servers)
    {
        _servers = [.. Enumerable.Range(0, servers).Select(_ => new Subject<Unit>())];
        _open = [.. new int[servers]];
        for (var i = 0; i < clients; i++)
        {
            var options = new ResumeOptions { Random = RandomSource.Seeded(_random.Next()) };
            var start = TimeSpan.FromMilliseconds(_random.Next(600_000));
            _clients.Add(Observable.Timer(start, _clock).SelectMany(_ => new Client(this).Resume(options, _clock)).Subscribe());
        }

        Pass(TimeSpan.FromMinutes(30));
    }

    /// <summary>Gets the times of all requests, in ms.</summary>
    public List<long> Requests { get; } = [];

    /// <summary>Gets the time in ms.</summary>
    public long Now => _clock.Frame();

    public void Pass(TimeSpan time) => _clock.AdvanceBy(time);

    /// <summary>Ends all watches of a server at once, and keeps it down for the time being; returns how many they were.</summary>
    public int Restart(int server)
    {
        _down = server;
        var dropped = _open[server];
        _servers[server].OnNext(Unit.Default);
        return dropped;
    }

    /// <summary>Fails all watches at once; returns how many they were.</summary>
    public int Fail(Exception error)
    {
        var failed = _open.Sum();
        _faults.OnNext(error);
        return failed;
    }

    public void Dispose()
    {
        _clients.ForEach(c => c.Dispose());
        _servers.ForEach(s => s.Dispose());
        _faults.Dispose();
    }

    private sealed class Client(Fleet fleet) : IWatchable<string>
    {
        public IObservable<WatchEvent<string>.Listed> List(ListOptions options) => Observable.Defer(() =>
        {
            fleet.Requests.Add(fleet.Now);
            return Observable.Return((WatchEvent<string>.Listed)WatchEvents.Listed("17", "x"));
        });

        public IObservable<WatchEvent<string>> Watch(WatchOptions options) => Observable.Defer(() =>
        {
            fleet.Requests.Add(fleet.Now);
            var up = Enumerable.Range(0, fleet._servers.Count).Where(s => s != fleet._down).ToList();
            var server = up[fleet._random.Next(up.Count)];
            fleet._open[server]++;
            return Observable.Never<WatchEvent<string>>().StartWith(WatchEvents.Opened<string>())
                .TakeUntil(fleet._servers[server])
                .TakeUntil(fleet._faults.SelectMany(Observable.Throw<Unit>))
                .TakeUntil(Observable.Timer(options.Timeout!.Value, fleet._clock))
                .Finally(() => fleet._open[server]--);
        });
    }
}
