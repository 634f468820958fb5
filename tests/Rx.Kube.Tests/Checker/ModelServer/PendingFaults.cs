namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>
/// The faults that wait: for a time, or for a number of requests or events. Each answer to a request asks here whether one applies.
/// </summary>
internal sealed class PendingFaults(ServerTime time)
{
    private readonly List<Armed> _armed = [];
    private readonly List<(FaultAction Action, long Until)> _windows = [];

    /// <summary>A fault that waits for requests or events.</summary>
    private sealed class Armed(FaultAction action, int times)
    {
        public FaultAction Action => action;

        public int Times { get; set; } = times;
    }

    /// <summary>Lets a fault apply for a time.</summary>
    public void Open(FaultAction action, int milliseconds) => _windows.Add((action, time.Now + milliseconds));

    /// <summary>Lets a fault apply a number of times.</summary>
    public void Arm(FaultAction action, int times) => _armed.Add(new(action, times));

    public void Clear()
    {
        _armed.Clear();
        _windows.Clear();
    }

    /// <summary>The fault of a kind that applies to a client now.</summary>
    public FaultAction? Window(ActionKind kind, int client)
    {
        for (var i = _windows.Count - 1; i >= 0; i--)
        {
            var (action, until) = _windows[i];
            if (action.Kind == kind && time.Now < until && action.Concerns(client))
            {
                return action;
            }
        }

        return null;
    }

    /// <summary>Uses up one time of the fault of a kind that waits for a client.</summary>
    public FaultAction? Take(ActionKind kind, int client)
    {
        for (var i = 0; i < _armed.Count; i++)
        {
            var armed = _armed[i];
            if (armed.Action.Kind == kind && armed.Action.Concerns(client))
            {
                if (time.Now > armed.Action.At + ActionTable.Armed || --armed.Times == 0)
                {
                    _armed.RemoveAt(i);
                }

                return time.Now > armed.Action.At + ActionTable.Armed ? null : armed.Action;
            }
        }

        return null;
    }
}
