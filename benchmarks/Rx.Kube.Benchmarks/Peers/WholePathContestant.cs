using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>A client that has listed the slices of a <see cref="CannedServer"/>, and watches them. The list is not measured.</summary>
internal abstract class WholePathContestant(string name, IRounds workload) : Contestant(name)
{
    private bool _isOpen;

    /// <summary>Gets the server.</summary>
    protected CannedServer Server { get; } = new(workload.List, workload.MediaType);

    /// <summary>Gets the number of events that the application has seen.</summary>
    protected abstract long Seen { get; }

    /// <summary>Throws if the client has failed.</summary>
    protected abstract void Check();

    /// <summary>Lists, and begins to watch.</summary>
    protected abstract void Open();

    /// <summary>Lists, and begins to watch, unless it has done so.</summary>
    public void Start()
    {
        if (_isOpen)
        {
            return;
        }

        Open();
        while (!Server.Watch.WaitForReader(TimeSpan.FromSeconds(5)))
        {
            Check();
        }

        _isOpen = true;
    }

    /// <summary>Sends the events of a round, and waits until they are read.</summary>
    public void Play()
    {
        workload.NextRound();
        Server.Watch.Run(workload.Stream);
    }

    public override Cost Round()
    {
        Start();
        workload.NextRound();
        Check();
        var before = Seen;
        var cost = Cost.Of(workload.Events, () => Server.Watch.Run(workload.Stream));
        return Seen - before == workload.Events ? cost : throw new InvalidOperationException(
            $"{Name} saw {Seen - before} of {workload.Events} events.");
    }

    public override void Dispose()
    {
        Server.Dispose();
        base.Dispose();
    }
}
