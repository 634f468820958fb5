using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing.Tests;
using Rx.Kube.Tests.Checker.ModelServer;
using Rx.Kube.Tests.Watching;

namespace Rx.Kube.Tests.Checker;

/// <summary>Plays a schedule against clients, in virtual time, on this thread.</summary>
internal sealed class Player
{
    private const long Ticks = TimeSpan.TicksPerMillisecond;
    private static readonly Uri _server = new("http://kube");
    private readonly Schedule _schedule;
    private readonly CheckedClient _client;
    private readonly VirtualTimeScheduler<long, long> _clock;
    private readonly JumpingClock _scheduler;
    private readonly World _world;
    private readonly Server _api;
    private readonly Trace _trace;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly List<KubeConnection> _connections = [];
    private readonly List<HttpClient> _http = [];
    private readonly List<(FaultAction Action, int Times)> _observerFaults = [];

    private Player(Schedule schedule, CheckedClient client)
    {
        (_schedule, _client) = (schedule, client);

        // A TestScheduler stays enabled after an exception, and needs time to stand still before that.
        var needsVirtualClock = schedule.Has(ActionKind.Throw, ActionKind.Slow, ActionKind.Starve);
        _clock = Clocks.New(Clocks.Names[needsVirtualClock ? 0 : schedule.Setup.Clock]);
        _scheduler = new JumpingClock(_clock);
        _world = new World(schedule.Setup);
        _api = new Server(_clock, schedule, _world);
        _trace = new Trace(schedule, _world) { Quiet = schedule.Quiet };
    }

    private long Now => _clock.Clock / Ticks;

    /// <summary>Plays a schedule to the time when all clients must have converged, or to an earlier time.</summary>
    public static Trace Play(Schedule schedule, CheckedClient? client = null, long? until = null)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new Player(schedule, client ?? CheckedClient.Real).Run(until ?? Liveness.Horizon(schedule));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private Trace Run(long until)
    {
        _trace.Horizon = until;
        _api.Start();
        foreach (var action in _schedule.Actions)
        {
            if (action.Kind >= ActionKind.Slow)
            {
                _clock.ScheduleAbsolute(action.At * Ticks, () => Do(action));
            }
        }

        _clock.ScheduleAbsolute(_schedule.Quiet * Ticks, _observerFaults.Clear);
        for (var i = 0; i < _schedule.Setup.Clients; i++)
        {
            var index = i;
            _trace.Clients.Add(new(index));
            _subscriptions.Add(Disposable.Empty);
            _clock.ScheduleAbsolute(index * 7 * Ticks, () => Subscribe(index));
        }

        // The last tick of a millisecond, because a TestScheduler runs some actions some ticks later.
        Advance((until * Ticks) + Ticks - 1);
        _api.Stop();
        foreach (var client in _trace.Clients)
        {
            client.Over ??= Now;
        }

        _subscriptions.ForEach(s => s.Dispose());
        CheckForLeaks();
        _connections.ForEach(c => c.Dispose());
        _http.ForEach(h => h.Dispose());
        _trace.IsStorm = _api.IsStorm;
        return _trace;
    }

    private void Advance(long time)
    {
        for (var faults = 0; _clock.Clock < time; faults++)
        {
            try
            {
                _clock.AdvanceTo(time);
            }
            catch (ObserverFault)
            {
                _trace.Thrown++;
            }
            catch (Exception e)
            {
                _trace.Leaks.Add($"thrown on the clock at {Now}: {e}");
                if (faults > 20)
                {
                    return;
                }
            }
        }
    }

    private void Subscribe(int index)
    {
        var trace = _trace.Clients[index];
        var handler = _client.Handler(new WireHandler(index, _api, trace, () => Now));
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        Task Authorize(HttpRequestMessage request, CancellationToken ct)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_api.TokenOf(index)}");
            return Task.CompletedTask;
        }

        // Without a callback there is nothing to refresh: then the handler knows the token.
        var connection = KubeConnection.From(
            http, _server, _client.Refreshes ? Authorize : null, new() { Scheduler = _scheduler });
        _connections.Add(connection);
        _http.Add(http);
        var selection = _schedule.Setup.Selection;
        var source = connection.Resources(ResourceKinds.EndpointSlices, new()
        {
            Namespace = selection == 2 ? null : "default",
            LabelSelector = selection == 1 ? $"{EndpointSlice.ServiceNameLabel}=a" : null,
            Format = _schedule.Setup.Format == 1 ? WireFormat.Protobuf : WireFormat.Json,
            Limits = new() { PageSize = _schedule.Setup.Page, MaxPages = 50 },
        });
        var options = _client.Configure(CheckedClient.Options with
        {
            Random = RandomSource.Seeded(_schedule.Setup.Jitter + index),
            FirstListFromCache = _schedule.Setup.Cached > 0,
        });
        var stream = _client.Stream(ResumeOperator.Create(_client.Source(source, _scheduler), options, _client.Rules, _scheduler)).Do(e =>
        {
            _trace.Threads.Add(Environment.CurrentManagedThreadId);
            if (trace.Over is not null)
            {
                trace.AfterTheEnd.Add(Trace.Describe(e));
            }

            trace.Events.Add((Now, e));
        });
        var subscription = new SingleAssignmentDisposable();
        _subscriptions[index] = subscription;
        subscription.Disposable = _client.Fold(stream).Subscribe(
            snapshot => Hear(index, trace, snapshot),
            error =>
            {
                trace.Terminal = (Now, error);
                trace.Over ??= Now;
            },
            () =>
            {
                trace.Terminal = (Now, null);
                trace.Over ??= Now;
            });
    }

    private void Hear(int index, ClientTrace trace, ClusterTopology snapshot)
    {
        if (trace.Over is not null)
        {
            trace.AfterTheEnd.Add(snapshot.ToString()!);
            return;
        }

        trace.Snapshots.Add(new(Now, snapshot, SnapshotHash.Of(snapshot), trace.Events.Count));
        for (var i = 0; i < _observerFaults.Count; i++)
        {
            var (action, times) = _observerFaults[i];
            if (action.Concerns(index))
            {
                _observerFaults[i] = (action, times - 1);
                if (times <= 1)
                {
                    _observerFaults.RemoveAt(i);
                }

                Misbehave(index, trace, action);
                return;
            }
        }
    }

    private void Misbehave(int index, ClientTrace trace, FaultAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.Slow:
                _clock.Sleep(action.A * Ticks);
                _trace.Slept += action.A;
                break;
            case ActionKind.Throw:
                trace.Over = Now;
                throw new ObserverFault();
            case ActionKind.Dispose:
                trace.Over = Now;
                _subscriptions[index].Dispose();
                break;
            default:
                // A second stream over the same connection, opened and closed within the first one's OnNext.
                var other = _connections[index].Resources(ResourceKinds.Pods).Resume(CheckedClient.Options, _scheduler)
                    .Subscribe(_ => { }, _ => { });
                other.Dispose();
                break;
        }
    }

    private void Do(FaultAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.JumpClock:
                // Before the first date there is none.
                _scheduler.Jumped = TimeSpan.FromMinutes(Math.Max(0, action.A - 60)
                    + (action.A < 60 ? -Math.Min(60 - action.A, Now / 60_000) : 0));
                break;
            case ActionKind.Starve:
                _clock.Sleep(action.A * Ticks);
                _trace.Slept += action.A;
                break;
            case ActionKind.DisposeConnection:
                for (var i = 0; i < _connections.Count; i++)
                {
                    if (action.Concerns(i) && _trace.Clients[i].Over is null)
                    {
                        _trace.Clients[i].ConnectionDisposed = true;
                        _connections[i].Dispose();
                    }
                }

                break;
            default:
                _observerFaults.Add((action, action.Kind == ActionKind.Slow ? action.B + 1 : 1));
                break;
        }
    }

    private void CheckForLeaks()
    {
        var (stopped, heard, asked) = (_clock.Clock, Heard(), Asked());
        foreach (var client in _trace.Clients)
        {
            foreach (var request in client.Requests.Concat(client.Audits))
            {
                if (request.End is null)
                {
                    _trace.Leaks.Add($"after disposal still open: {request}");
                }
            }
        }

        // The server's own timers are still due, but do nothing.
        Advance(stopped + (700_000 * Ticks));
        if ((heard, asked) != (Heard(), Asked()))
        {
            _trace.Leaks.Add($"after disposal: {Heard() - heard} events, {Asked() - asked} requests");
        }

        if (!Clocks.IsIdle(_clock))
        {
            _trace.Leaks.Add("after disposal a timer is still due");
        }
    }

    private int Heard() => _trace.Clients.Sum(c => c.Events.Count + c.Snapshots.Count + c.AfterTheEnd.Count);

    private int Asked() => _trace.Clients.Sum(c => c.Requests.Count + c.Audits.Count);

    /// <summary>What a throwing observer throws.</summary>
    private sealed class ObserverFault : Exception;
}
