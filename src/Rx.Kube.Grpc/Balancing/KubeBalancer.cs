using System.Net;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Rx.Kube;

/// <summary>
/// Keeps a connection to each address that calls need, and gives the channel a picker for each change. The balancers of gRPC connect to
/// every address at once, and let a call wait only while nothing is connected: the first pod that is would get the keys of all.
/// </summary>
internal sealed class KubeBalancer : LoadBalancer
{
    private readonly IChannelControlHelper _channel;
    private readonly string? _header;
    private readonly int? _replicas;
    private readonly string? _authority;
    private readonly string? _fault;

    private readonly TrafficTurns _turns = new((uint)RandomNumberGenerator.GetInt32(int.MaxValue));

    // All under the lock of the channel, which calls the balancer and tells the states of connections under it.
    private Dictionary<DnsEndPoint, Backend> _backends = [];
    private Backends? _current;

    private KubeBalancer(IChannelControlHelper channel, (string? Header, int? Replicas, string? Authority) settings, string? fault)
    {
        _channel = channel;
        (_header, _replicas, _authority) = settings;
        _fault = fault;
    }

    public static KubeBalancer Create(LoadBalancerOptions options, bool hasHeader)
    {
        try
        {
            return new(options.Controller, KubeRingConfig.Read(options.Configuration, hasHeader), fault: null);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // An exception would end in the resolver, and calls would wait.
            return new(options.Controller, default, $"The settings of {KubeRingConfig.Policy} are invalid: {e.Message}");
        }
    }

    public override void UpdateChannelState(ChannelState state)
    {
        if (_fault is not null)
        {
            Fail(new(StatusCode.Internal, _fault));
        }
        else if (state.Status.StatusCode != StatusCode.OK)
        {
            Fail(state.Status);
        }
        else if (state.Addresses is { Count: 0 })
        {
            _channel.UpdateState(new(ConnectivityState.Connecting, new WaitingPicker()));
        }
        else if (state.Addresses is [var address, ..] && address.Attributes.TryGetValue(RouteTable.Key, out var table))
        {
            Use(table);
        }
        else
        {
            Fail(new(StatusCode.Internal, $"{KubeRingConfig.Policy} needs an address of the scheme {KubeTarget.Scheme}."));
        }
    }

    /// <summary>Connects to every address: <c>GrpcChannel.ConnectAsync</c> asks for it.</summary>
    public override void RequestConnection()
    {
        foreach (var backend in _backends.Values.ToList())
        {
            backend.Connect();
        }
    }

    protected override void Dispose(bool disposing)
    {
        DisposeAll(_backends.Values);
        _backends = [];
        base.Dispose(disposing);
    }

    private void Use(RouteTable table)
    {
        var before = _backends;
        _backends = new(table.All.Count);
        foreach (var route in table.All)
        {
            // Two members may claim one address for a moment.
            if (!_backends.ContainsKey(route.EndPoint))
            {
                _backends[route.EndPoint] = before.Remove(route.EndPoint, out var known) ? known : Create(route, table);
            }
        }

        _current = new(table, _backends);
        foreach (var route in table.All)
        {
            _backends[route.EndPoint].Update(route);
        }

        // What a call has begun on a connection goes on: only the channel forgets it.
        DisposeAll(before.Values);
        Publish();
    }

    private Backend Create(Route route, RouteTable table)
    {
        var address = RouteTable.AddressOf(route, _authority ?? table.Authority);
        var backend = new Backend(_channel.CreateSubchannel(new([address])), route);
        backend.Subchannel.OnStateChanged(state => OnStateChanged(backend, state));
        return backend;
    }

    private void OnStateChanged(Backend backend, SubchannelState state)
    {
        backend.Update(state);

        // No call goes on because an attempt to connect begins.
        if (state.State is not (ConnectivityState.Connecting or ConnectivityState.Shutdown))
        {
            Publish();
        }
    }

    private void Publish()
    {
        if (_current is { } current)
        {
            _channel.UpdateState(new(current.State, new KubePicker(current, _turns, _header, _replicas)));
        }
    }

    private void Fail(Status status)
    {
        var before = _backends;
        (_backends, _current) = ([], null);
        DisposeAll(before.Values);
        _channel.UpdateState(new(ConnectivityState.TransientFailure, new FailingPicker(status)));
    }

    private static void DisposeAll(IEnumerable<Backend> backends)
    {
        foreach (var backend in backends)
        {
            backend.Dispose();
        }
    }

    private sealed class WaitingPicker : SubchannelPicker
    {
        public override PickResult Pick(PickContext context) => PickResult.ForQueue();
    }

    private sealed class FailingPicker(Status status) : SubchannelPicker
    {
        public override PickResult Pick(PickContext context) => PickResult.ForFailure(status);
    }
}
