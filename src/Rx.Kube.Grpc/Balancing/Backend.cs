using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Rx.Kube;

/// <summary>
/// The connection to one address. It is opened with the first call that needs it. Its state is written under the lock of the channel, and
/// read by calls on any thread.
/// </summary>
internal sealed class Backend(Subchannel subchannel, Route route) : IDisposable
{
    private volatile Failed? _failure;

    public Subchannel Subchannel { get; } = subchannel;

    /// <summary>Gets the endpoint, as the current snapshot has it.</summary>
    public Route Route { get; private set; } = route;

    /// <summary>Gets the last state that the channel has told.</summary>
    public ConnectivityState State { get; private set; }

    /// <summary>Gets whether there is a connection. The last state may be older than that.</summary>
    public bool IsConnected => Subchannel.CurrentAddress is not null;

    /// <summary>Gets why the last attempt to connect failed; null if it has not, or has not ended.</summary>
    public Status? Failure => _failure?.Status;

    public void Update(SubchannelState state)
    {
        State = state.State;
        _failure = state.State switch
        {
            ConnectivityState.Ready => null,
            ConnectivityState.TransientFailure => new(state.Status),
            _ => _failure,
        };
    }

    /// <summary>Takes over a newer snapshot. A pause between two attempts ends if the pod is another, or says that it is ready.</summary>
    public void Update(Route route)
    {
        if (route == Route)
        {
            return;
        }

        var isOther = route.Uid != Route.Uid;
        Route = route;
        if (_failure is not null)
        {
            _failure = isOther ? null : _failure;
            Connect();
        }
    }

    /// <summary>Begins to connect, unless it has begun. Any thread.</summary>
    public void ConnectIfIdle()
    {
        // An attempt that failed is repeated by the channel, after a pause that a request would end.
        if (_failure is null || State == ConnectivityState.Idle)
        {
            Connect();
        }
    }

    /// <summary>Begins to connect, unless it has begun, and gets whether the last attempt has not failed. Any thread.</summary>
    public bool IsOpenOrOpening()
    {
        if (IsConnected)
        {
            return true;
        }

        ConnectIfIdle();
        return Failure is null;
    }

    public void Connect()
    {
        try
        {
            Subchannel.RequestConnection();
        }
        catch (InvalidOperationException)
        {
            // Disposed meanwhile: the next picker does not have it.
        }
    }

    public void Dispose() => Subchannel.Dispose();

    private sealed record Failed(Status Status);
}
