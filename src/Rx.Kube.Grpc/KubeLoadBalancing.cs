using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Rx.Kube;

/// <summary>How the calls of a gRPC client are balanced. Without a key: round robin over the ready endpoints near this pod.</summary>
public sealed class KubeLoadBalancing
{
    // What Grpc.Net.Client waits by default is too long for a pod that starts again at its address.
    private static readonly TimeSpan _defaultReconnect = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan _maxReconnect = TimeSpan.FromSeconds(5);

    private string? _header;
    private int? _replicas;
    private MethodConfig? _attempts;
    private bool _isSecure;
    private string? _host;

    /// <summary>
    /// Sends a call whose metadata has the key to the owner of the key on the ring of the topology. A call without it is balanced as
    /// without a key.
    /// </summary>
    /// <param name="header">
    /// The name of the metadata entry, such as <c>x-key</c>. Lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; not a binary one,
    /// which ends with <c>-bin</c>, and not a name of gRPC. The value is hashed as UTF-8; several values are joined by commas, as gRFC A76
    /// does.
    /// </param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException"><paramref name="header"/> is null, or no such name.</exception>
    public KubeLoadBalancing ByHeader(string header)
    {
        _header = KubeRingConfig.Checked(header);
        return this;
    }

    /// <summary>
    /// Sets how many replicas of a key a call may go to: attempt n of a call goes to the n-th of them that is ready. The default is what
    /// the options of the topology say, which is 1 by default: then an owner that is away cannot be replaced.
    /// </summary>
    /// <param name="count">The number of replicas, from 1 to 255.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    public KubeLoadBalancing Replicas(int count)
    {
        _replicas = KubeRingConfig.Checked(count);
        return this;
    }

    /// <summary>
    /// Repeats a call that fails with <see cref="StatusCode.Unavailable"/>, or with <see cref="StatusCode.Internal"/>, as the client of
    /// .NET reports a pod that dies during the HTTP/2 handshake; each time at the next replica, or the next endpoint without a key. A call
    /// may then be executed twice: only for clients all of whose methods are idempotent. For single methods, set
    /// <see cref="ServiceConfig.MethodConfigs"/> instead.
    /// </summary>
    /// <param name="attempts">
    /// The most attempts of a call, with the first one: at least 2. The channel allows 5, unless
    /// <see cref="GrpcChannelOptions.MaxRetryAttempts"/> is set. The default is 5.
    /// </param>
    /// <param name="backoff">
    /// The longest pause before the second attempt, doubled before each further one up to 1 s; gRPC waits a random part of it. More than
    /// zero and at most 1 s. The default, null, is 100 ms.
    /// </param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public KubeLoadBalancing Retry(int attempts = 5, TimeSpan? backoff = null)
    {
        var first = backoff ?? TimeSpan.FromMilliseconds(100);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero, nameof(backoff));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, TimeSpan.FromSeconds(1), nameof(backoff));
        _attempts = new()
        {
            Names = { MethodName.Default },
            RetryPolicy = new()
            {
                MaxAttempts = attempts,
                InitialBackoff = first,
                MaxBackoff = TimeSpan.FromSeconds(1),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.Internal },
            },
        };
        return this;
    }

    /// <summary>
    /// Sends a call that has not been answered after a delay to the next replica too, and uses the answer that comes first. A call is then
    /// executed twice: only for clients all of whose methods are idempotent. Replaces <see cref="Retry"/>, and the reverse.
    /// </summary>
    /// <param name="delay">How long to wait for each attempt before the next one. Not negative, and at most one minute.</param>
    /// <param name="attempts">The most attempts of a call, with the first one: at least 2. The default is 2.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public KubeLoadBalancing Hedge(TimeSpan delay, int attempts = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 2);
        _attempts = new()
        {
            Names = { MethodName.Default },
            HedgingPolicy = new()
            {
                MaxAttempts = attempts,
                HedgingDelay = delay,
                NonFatalStatusCodes = { StatusCode.Unavailable, StatusCode.Internal },
            },
        };
        return this;
    }

    /// <summary>Uses TLS. Pods are connected to by address, but their certificates are for a name.</summary>
    /// <param name="host">
    /// The name in the certificates of the pods. The default, null, is the name of the Service: <c>cache.prod.svc</c>.
    /// </param>
    /// <returns>This object.</returns>
    /// <remarks>
    /// For a private certificate authority, set <see cref="SocketsHttpHandler.SslOptions"/> of the client's handler, with
    /// <c>UseSocketsHttpHandler</c>.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="host"/> is no host name.</exception>
    public KubeLoadBalancing Tls(string? host = null)
    {
        if (host is not null && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw new ArgumentException("This is not a host name. To fix: pass a name without a scheme and a port.", nameof(host));
        }

        (_isSecure, _host) = (true, host);
        return this;
    }

    internal void ApplyTo(GrpcChannelOptions channel, IServiceProvider services)
    {
        channel.ServiceProvider ??= services;
        channel.Credentials ??= _isSecure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        if (channel.HttpHandler is null && channel.HttpClient is null)
        {
            var handler = new SocketsHttpHandler();
            GrpcHandlers.Tune(handler);
            (channel.HttpHandler, channel.DisposeHttpClient) = (handler, true);
        }

        if (channel.MaxReconnectBackoff == _defaultReconnect)
        {
            channel.MaxReconnectBackoff = _maxReconnect;
        }

        var config = channel.ServiceConfig ??= new();
        config.LoadBalancingConfigs.Insert(0, new KubeRingConfig(_header, _replicas, _host));
        if (_attempts is not null)
        {
            config.MethodConfigs.Add(_attempts);
        }
    }
}
