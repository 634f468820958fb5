using System.Reactive.Concurrency;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>
/// An API server with one collection, and the network in front of it. It answers requests from the true history, and does what the schedule
/// says. It shares no code with the client. Its parts: <see cref="World"/> is the history, <see cref="Lists"/> and <see cref="Watches"/>
/// answer, <see cref="Refusals"/> refuse, <see cref="Actions"/> do what the schedule says, <see cref="PendingFaults"/> hold what waits for
/// a request, and each answer is an <see cref="Exchange"/> on the network.
/// </summary>
internal sealed class Server
{
    /// <summary>More requests than this, of one client, are a storm: they are not answered any more.</summary>
    public const int Storm = 400;

    private readonly ServerTime _time;
    private readonly Schedule _schedule;
    private readonly World _world;
    private readonly NetworkMode _mode = new();
    private readonly PendingFaults _faults;
    private readonly Accounts _accounts;
    private readonly Watches _watches;
    private readonly Lists _lists;
    private readonly Replicas _replicas;
    private readonly Refusals _refusals;
    private readonly Actions _actions;
    private int _requests;

    public Server(VirtualTimeScheduler<long, long> clock, Schedule schedule, World world)
    {
        (_time, _schedule, _world) = (new ServerTime(clock), schedule, world);
        (_faults, _accounts) = (new PendingFaults(_time), new Accounts(_time));
        _watches = new Watches(_time, schedule, world, _faults, _accounts);
        _lists = new Lists(_time, schedule, world, _faults, _watches);
        _replicas = new Replicas(_time, _watches);
        _refusals = new Refusals(_time, _faults, _accounts);
        _actions = new Actions(_time, schedule, world, _mode, _faults, _accounts, _replicas, _watches);
    }

    public bool IsStorm { get; private set; }

    /// <summary>Starts the actions, bookmarks, and the end of all faults.</summary>
    public void Start()
    {
        foreach (var action in _schedule.Actions)
        {
            _time.At(action.At, () => _actions.Do(action));
        }

        _time.At(_schedule.Quiet, Cease);
        if (_schedule.Setup.Bookmarks == 1)
        {
            _time.Every(10_000, _watches.SendBookmarks);
        }
    }

    /// <summary>Ends what the server itself has scheduled.</summary>
    public void Stop() => _time.Stop();

    /// <summary>The token that a client has now.</summary>
    public string TokenOf(int client) => _accounts.TokenOf(client);

    /// <summary>Takes a request.</summary>
    public Exchange Receive(WireRequest log, CancellationToken cancellationToken)
    {
        var x = new Exchange(_time.Clock, _mode, log, cancellationToken);
        if (++_accounts.Of(log.Client).Requests > Storm)
        {
            IsStorm = true;
            return x;
        }

        var serial = _requests++;
        if (_faults.Window(ActionKind.NoAnswer, log.Client) is not null || _faults.Window(ActionKind.Blackhole, log.Client) is not null
            || _faults.Window(ActionKind.HalfClose, log.Client) is not null)
        {
            x.Lose();
            return x;
        }

        _time.After(2, () =>
        {
            if (!x.IsOver)
            {
                Answer(x, serial);
            }
        });
        return x;
    }

    private void Answer(Exchange x, int serial)
    {
        if (_refusals.Of(x) is { } refuse)
        {
            refuse();
            return;
        }

        x.Lag = _replicas.LagOf(serial);
        x.Selection = x.Log.Path.Contains("labelSelector=", StringComparison.Ordinal) ? 1
            : x.Log.Path.Contains("/namespaces/", StringComparison.Ordinal) ? 0 : 2;
        if (x.Log.IsWatch)
        {
            _watches.Answer(x);
        }
        else
        {
            _lists.Answer(x);
        }
    }

    /// <summary>Ends all faults; two last writes show who does not hear them.</summary>
    private void Cease()
    {
        _faults.Clear();
        _replicas.CatchUp();
        _mode.Clear();
        _watches.Heal();
        if (_world.IsFrozen)
        {
            _watches.Thaw();
        }

        _world.Put(0);
        _world.Put(2);
        _watches.PumpAll();
    }
}
