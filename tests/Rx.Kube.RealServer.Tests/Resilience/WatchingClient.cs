using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>
/// One subscription to the resumed topology of a Service. It notes each list, snapshot and time, and checks the snapshots against
/// the server's history.
/// </summary>
public sealed class WatchingClient : IDisposable
{
    private readonly ConcurrentQueue<(long At, ServiceTopology Snapshot)> _unchecked = new();
    private readonly ConcurrentQueue<Continuity> _lists = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Lock _lock = new();
    private readonly List<(long At, bool IsLive)> _phases = [(Stopwatch.GetTimestamp(), false)];
    private readonly IDisposable _subscription;
    private readonly Queue<string> _recent = new();
    private string _version = "";
    private bool _wentBack;

    /// <summary>Subscribes.</summary>
    /// <param name="slices">The collection.</param>
    /// <param name="service">The Service.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public WatchingClient(IWatchable<EndpointSlice> slices, ServiceName service, ResumeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        Service = service.Name;
        _subscription = slices.Resume(options)
            .Do(e =>
            {
                Trace(e);
                if (e is WatchEvent<EndpointSlice>.Listed { Continuity: var continuity })
                {
                    _lists.Enqueue(continuity);
                    _wentBack |= continuity == Continuity.WentBack;
                }
            })
            .ToTopology(service)
            .Subscribe(Note, error => _faults.Enqueue($"the stream of {Service} ended: {error}"), () => _faults.Enqueue("it completed"));
    }

    public string Service { get; }

    /// <summary>Gets the newest snapshot; null before the first one.</summary>
    public ServiceTopology? Latest { get; private set; }

    /// <summary>Gets what each list was to the state before it.</summary>
    public IReadOnlyList<Continuity> Lists => [.. _lists];

    /// <summary>Gets when the snapshots became live or stale, as timestamps of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyList<(long At, bool IsLive)> Phases
    {
        get
        {
            lock (_lock)
            {
                return [.. _phases];
            }
        }
    }

    /// <summary>Gets what was wrong, apart from snapshots.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    /// <summary>Gets the last interruptions and lists, one a line, with the time of day.</summary>
    public string Recent
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _recent);
            }
        }
    }

    /// <summary>Gets how long the snapshots were not live between two times.</summary>
    public TimeSpan NotLive(long from, long to)
    {
        var (total, phases) = (0L, Phases);
        for (var i = 0; i < phases.Count; i++)
        {
            var end = Math.Min(to, i + 1 < phases.Count ? phases[i + 1].At : to);
            total += phases[i].IsLive ? 0 : Math.Max(0, end - Math.Max(from, phases[i].At));
        }

        return Stopwatch.GetElapsedTime(0, total);
    }

    /// <summary>Gets whether the newest snapshot is live and has the present state of the server.</summary>
    public bool Has(string state) => Latest is { Freshness.IsLive: true } latest && ChangingSlices.TextOf(latest) == state;

    /// <summary>Waits until the newest snapshot is live and equals a state.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> WaitForAsync(Func<string> state, TimeSpan atMost)
    {
        ArgumentNullException.ThrowIfNull(state);
        return await WaitUntilAsync(
            () => Has(state()), atMost,
            () => $"{Service} is {Latest?.Freshness} {(Latest?.Freshness as Freshness.Stale)?.Interruption} with\n"
                + $"{(Latest is { } latest ? ChangingSlices.TextOf(latest) : "")}\nthe server has\n{state()}\nbefore:\n{Recent}");
    }

    /// <summary>Waits until something is true.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> WaitUntilAsync(Func<bool> isTrue, TimeSpan atMost, Func<string> otherwise)
    {
        ArgumentNullException.ThrowIfNull(isTrue);
        ArgumentNullException.ThrowIfNull(otherwise);
        var clock = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(clock.Elapsed < atMost, clock.Elapsed < atMost ? "" : $"not within {atMost.TotalSeconds:0} s: {otherwise()}");
            await Task.Delay(20);
        }

        return clock.Elapsed;
    }

    /// <summary>Checks the snapshots whose version the history knows, and forgets them.</summary>
    /// <param name="history">The history.</param>
    /// <param name="isExcused">Whether a snapshot of a time is not checked.</param>
    /// <param name="isFinal">Whether nothing changes any more, so that all snapshots can be checked.</param>
    /// <returns>What is wrong, or null; and the number of checked snapshots.</returns>
    public (string? Wrong, int Checked) Check(ChangingSlices history, Func<long, bool>? isExcused = null, bool isFinal = false)
    {
        ArgumentNullException.ThrowIfNull(history);
        var number = 0;
        while (_unchecked.TryPeek(out var noted) && (isFinal || history.IsKnown(noted.At)) && _unchecked.TryDequeue(out noted))
        {
            number++;
            if (isExcused?.Invoke(noted.At) != true && history.Difference(Service, noted.Snapshot) is { } difference)
            {
                return ($"{difference}\n(continuity {noted.Snapshot.Continuity}, {noted.Snapshot.Freshness})", number);
            }
        }

        return (_faults.TryPeek(out var fault) ? fault : null, number);
    }

    public void Dispose() => _subscription.Dispose();

    private void Trace(WatchEvent<EndpointSlice> e)
    {
        var text = e switch
        {
            WatchEvent<EndpointSlice>.Interrupted { Interruption: var i } =>
                $"{i.Kind}, next after {i.RetryAfter.TotalSeconds:0.0} s: {i.Message}",
            WatchEvent<EndpointSlice>.Listed l => $"{l.Continuity} at {l.ResourceVersion}",
            WatchEvent<EndpointSlice>.Resumed => "resumed",
            _ => null,
        };
        if (text is null)
        {
            return;
        }

        lock (_lock)
        {
            _recent.Enqueue($"{DateTimeOffset.UtcNow:mm:ss.f} {text}");
            if (_recent.Count > 30)
            {
                _recent.Dequeue();
            }
        }
    }

    private void Note(ServiceTopology snapshot)
    {
        var now = Stopwatch.GetTimestamp();
        Latest = snapshot;
        lock (_lock)
        {
            if (_phases[^1].IsLive != snapshot.Freshness.IsLive)
            {
                _phases.Add((now, snapshot.Freshness.IsLive));
            }
        }

        if (!snapshot.Freshness.IsSynced)
        {
            return;
        }

        if (_version.Length > 0 && !_wentBack
            && long.Parse(snapshot.Version, CultureInfo.InvariantCulture) < long.Parse(_version, CultureInfo.InvariantCulture))
        {
            _faults.Enqueue($"{Service} went back from {_version} to {snapshot.Version} without saying so");
        }

        (_version, _wentBack) = (snapshot.Version, false);
        _unchecked.Enqueue((now, snapshot));
    }
}
