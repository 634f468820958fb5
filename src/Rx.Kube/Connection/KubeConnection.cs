using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// How to reach an API server: its address, how to trust it, and who to be there. Safe on any thread; nothing is sent before
/// somebody subscribes. Credentials are refreshed as they expire or are refused, and go to this server only: redirects are errors.
/// </summary>
public sealed class KubeConnection : IDisposable
{
    private readonly CancellationTokenSource _lifetime;
    private readonly ServerTransport? _transport;
    private readonly RequestSender _sender;
    private int _disposed;

    private KubeConnection(ConnectionTarget target, KubeConnectionOptions options, CancellationTokenSource lifetime)
    {
        Server = target.Server;
        Namespace = options.Namespace ?? target.Namespace;
        Scheduler = options.Scheduler;
        _lifetime = lifetime;
        var transport = _transport = new ServerTransport(target, options);
        _sender = new RequestSender(
            target.Server, target.Source, target.Proxy, target.Credentials,
            (request, credential, ct) => transport.SendAsync(request, credential.Certificate, ct), options, lifetime.Token);
    }

    private KubeConnection(HttpClient client, Uri server, CredentialSource credentials, KubeConnectionOptions options)
    {
        Server = server;
        Namespace = options.Namespace ?? "default";
        Scheduler = options.Scheduler;
        _lifetime = new CancellationTokenSource();
        _sender = new RequestSender(
            server, "the application's own HttpClient", null, credentials,
            (request, _, ct) =>
            {
                (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
                return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            },
            options, _lifetime.Token);
    }

    /// <summary>The API server.</summary>
    public Uri Server { get; }

    /// <summary>The namespace to use where none is named: the context's, or the pod's own; else <c>default</c>.</summary>
    public string Namespace { get; init; }

    /// <summary>The clock of this connection.</summary>
    internal IScheduler Scheduler { get; }

    /// <summary>
    /// Finds the cluster as kubectl and client-go do: inside a pod its service account; else the files of <c>KUBECONFIG</c>; else
    /// <c>~/.kube/config</c>. Options that name a kubeconfig or a context skip the first step.
    /// </summary>
    /// <param name="options">Patience, clock and choices; null: the defaults.</param>
    /// <returns>The connection. Files are read now; nothing is sent.</returns>
    /// <exception cref="KubeConfigException">No configuration was found, or it is wrong: the message says where and what cures it.</exception>
    public static KubeConnection Default(KubeConnectionOptions? options = null)
    {
        options ??= new KubeConnectionOptions();
        var chosen = options.KubeconfigPaths is not null || options.Context is not null;
        var missing = InClusterLoader.Missing(options.Environment);
        if (!chosen && missing is null)
        {
            return InCluster(options);
        }

        var files = KubeconfigFiles.Find(options);
        return files.Existing.Count > 0 || options.KubeconfigPaths is not null
            ? FromKubeconfig(options: options)
            : throw new KubeConfigException(
                $"No cluster is configured. Looked for: a pod's service account ({missing ?? "there, but a context was asked for"}); "
                + $"{files.LookedFor}. Cure: set KUBECONFIG to a kubeconfig file, or run where kubectl works.");
    }

    /// <summary>
    /// Uses the service account of the pod this runs in. Its token is read again at least once a minute and after a 401, its CA for
    /// every TLS handshake. Proxies of the process's environment are not used.
    /// </summary>
    /// <param name="options">Patience and clock; null: the defaults.</param>
    /// <returns>The connection. Files are read now; nothing is sent.</returns>
    /// <exception cref="KubeConfigException">This is no pod, or its service account is not mounted.</exception>
    public static KubeConnection InCluster(KubeConnectionOptions? options = null)
    {
        options ??= new KubeConnectionOptions();
        return new KubeConnection(InClusterLoader.Load(options), options, new CancellationTokenSource());
    }

    /// <summary>
    /// Uses a kubeconfig, read as kubectl reads it: contexts, merging, files and data, tokens, client certificates, exec plugins,
    /// impersonation. Without <c>proxy-url</c> the process's <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> count, as for kubectl.
    /// Exec plugins get no terminal: log in before.
    /// </summary>
    /// <param name="path">
    /// The file; null: <see cref="KubeConnectionOptions.KubeconfigPaths"/>, else those of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.
    /// </param>
    /// <param name="context">The context; null: <see cref="KubeConnectionOptions.Context"/>, else <c>current-context</c>.</param>
    /// <param name="options">Patience, clock and choices; null: the defaults.</param>
    /// <returns>The connection. Files are read now; nothing is sent and no plugin runs before the first request.</returns>
    /// <exception cref="KubeConfigException">The configuration is missing or wrong: the message names the file and the cure.</exception>
    public static KubeConnection FromKubeconfig(string? path = null, string? context = null, KubeConnectionOptions? options = null)
    {
        options ??= new KubeConnectionOptions();
        options = options with
        {
            KubeconfigPaths = path is null ? options.KubeconfigPaths : [path],
            Context = context ?? options.Context,
        };
        var lifetime = new CancellationTokenSource();
        try
        {
            return new KubeConnection(KubeconfigLoader.Load(options, lifetime.Token), options, lifetime);
        }
        catch
        {
            lifetime.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Uses an application's own client: its handlers decide about TLS, proxies and redirects (turn those off:
    /// <see cref="HttpClientHandler.AllowAutoRedirect"/>).
    /// </summary>
    /// <param name="client">The client. It is not disposed, and must not time out (<see cref="Timeout.InfiniteTimeSpan"/>).</param>
    /// <param name="server">The API server.</param>
    /// <param name="authorize">
    /// Sets the credentials of a request; null if the client does. After a 401 it is called once more, for a second try.
    /// </param>
    /// <param name="options">Patience, clock and namespace; null: the defaults.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentException">The server is no absolute http or https address.</exception>
    public static KubeConnection From(
        HttpClient client, Uri server, Func<HttpRequestMessage, CancellationToken, Task>? authorize = null,
        KubeConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(server);
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https") || server.UserInfo.Length > 0)
        {
            throw new ArgumentException("The server must be an absolute http or https address without a login.", nameof(server));
        }

        CredentialSource credentials = authorize is null
            ? new StaticCredentials(Credential.Anonymous, "the application's own HttpClient")
            : new CallbackCredentials(authorize);
        return new KubeConnection(client, server, credentials, options ?? new KubeConnectionOptions());
    }

    /// <summary>The server and the namespace; no credential.</summary>
    /// <returns>A line for a log.</returns>
    public override string ToString() => $"{Server.GetLeftPart(UriPartial.Path)} ({Printable.Of(Namespace)})";

    /// <summary>
    /// Ends requests that wait for an answer and closes idle connections. Answers that are being read end with their own
    /// subscriptions. An application's own client stays as it is.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _lifetime.Cancel();
            _transport?.Dispose();
            _lifetime.Dispose();
        }
    }

    /// <summary>
    /// Sends a GET and returns the response once its headers are here and its status is 2xx.
    /// </summary>
    /// <param name="pathAndQuery">Path and query below <see cref="Server"/>, without a leading slash, already escaped.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The response; the caller disposes it.</returns>
    /// <exception cref="KubeStatusException">The server answered with another status; for 401 after one refresh of the credentials.</exception>
    /// <exception cref="KubeTransportException">The server could not be reached or was not trusted.</exception>
    /// <exception cref="KubeConfigException">No credentials could be had.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; never because of a timeout.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    internal Task<HttpResponseMessage> GetAsync(string pathAndQuery, CancellationToken cancellationToken) =>
        GetAsync(pathAndQuery, AcceptedFormats.Json, cancellationToken);

    /// <inheritdoc cref="GetAsync(string, CancellationToken)"/>
    /// <param name="pathAndQuery">Path and query below <see cref="Server"/>, without a leading slash, already escaped.</param>
    /// <param name="accepted">The formats that the caller can read.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal Task<HttpResponseMessage> GetAsync(string pathAndQuery, AcceptedFormats accepted, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _sender.GetAsync(pathAndQuery, accepted, cancellationToken);
    }
}
