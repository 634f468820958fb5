using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>A client that watches over a real socket.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="server">The server.</param>
/// <param name="delay">The milliseconds between two events; zero for the line rate.</param>
internal abstract class SocketPath(string name, TransportServerProcess server, int delay) : Contestant(name)
{
    private readonly ManualResetEvent _isRead = new(false);
    private bool _isOpen;
    private int _round;
    private long _seen;
    private long _awaited = long.MaxValue;
    private Exception? _failure;

    /// <summary>Gets the server.</summary>
    protected TransportServerProcess Server => server;

    /// <summary>Gets the name of the watch.</summary>
    protected string Watch { get; } = server.NewWatch();

    public override Cost Round()
    {
        if (!_isOpen)
        {
            Open();
            server.WaitFor(Watch);
            _isOpen = true;
        }

        var events = TransportServer.EventsOf(server.Workload, _round++, delay);
        _isRead.Reset();
        Volatile.Write(ref _awaited, _seen + AmountOf(events));
        var cost = Cost.Of(events.Count, () =>
        {
            server.Send(Watch, delay);
            if (!_isRead.WaitOne(TimeSpan.FromSeconds(30)) || _failure is not null)
            {
                throw new InvalidOperationException($"{Name} did not read the events of a round.", _failure);
            }
        });
        return cost;
    }

    /// <summary>Begins to watch.</summary>
    protected abstract void Open();

    /// <summary>Gets how much <see cref="See"/> is to count for some events.</summary>
    protected abstract long AmountOf(IReadOnlyCollection<ReadOnlyMemory<byte>> events);

    /// <summary>Counts what has been read.</summary>
    protected void See(long amount)
    {
        _seen += amount;
        if (_seen == Volatile.Read(ref _awaited))
        {
            _isRead.Set();
        }
    }

    /// <summary>Notes that the watch has ended.</summary>
    protected void Fail(Exception failure)
    {
        _failure = failure;
        _isRead.Set();
    }

    /// <summary>Specifies the settings of .NET that are not its defaults.</summary>
    protected static void Set(SocketsHttpHandler handler, int? windowBytes)
    {
        if (windowBytes is { } bytes)
        {
            handler.InitialHttp2StreamWindowSize = bytes;
        }
    }
}
