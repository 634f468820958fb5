namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>How far the replica that answers a request is behind: each request goes to another one.</summary>
internal sealed class Replicas(ServerTime time, Watches watches)
{
    private int _most;
    private long _until;

    /// <summary>Lets replicas be behind by up to a number of states, for a time.</summary>
    public void FallBehind(int states, int milliseconds)
    {
        (_most, _until) = (states, time.Now + milliseconds);
        time.After(milliseconds, CatchUp);
    }

    /// <summary>How many states the replica is behind that answers the n-th request.</summary>
    public int LagOf(int request) => time.Now < _until && _most > 0 ? request % (_most + 1) : 0;

    /// <summary>Ends every lag.</summary>
    public void CatchUp()
    {
        _until = 0;
        watches.Each(x => x.Lag = 0);
        watches.PumpAll();
    }
}
