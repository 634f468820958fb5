using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// A connection to an API server: its address, how to verify its certificate, and the identity to use. Thread-safe. Nothing is sent before
/// a subscription. Credentials are refreshed when they expire or are rejected, and are sent only to this server: redirects are errors.
/// </summary>
public sealed class KubeConnection : IDisposable
{
    /// <summary>What messages name where an application made the connection itself.</summary>
    internal const string OwnClient = "the application's own HttpClient";

    private readonly CancellationTokenSource _lifetime;
    private readonly IDisposable? _transport;
    private readonly CancellationToken _disposal;
    private readonly RequestSender _sender;
    private readonly CredentialSource _credentials;
    private int _disposed;

    private KubeConnection(ConnectionTarget target, KubeConnectionOptions options, CancellationTokenSource lifetime)
    {
        options.Outside.NoteProxy(target.Proxy);
        Outside = options.Outside;
        Server = target.Server;
        Source = Outside.Of(target.Chosen, Notices.MaxMessage);
        _credentials = target.Credentials;
        Namespace = options.Namespace ?? target.Namespace;
        Scheduler = options.Scheduler;
        CompressesLists = options.CompressLists;
        Format = options.Format;
        Limits = options.Limits;
        (_lifetime, _disposal) = (lifetime, lifetime.Token);
        var transport = new ServerTransport(target, options);
        _transport = transport;
        _sender = new RequestSender(
            target.Server, target.Source, target.Proxy, target.Credentials,
            (request, credential, ct) => transport.SendAsync(request, credential.Certificate, ct), options, _disposal);
        options.Notices.Tell(ConnectionNoticeKind.Configuration, $"connecting to {this}");
        if (target.Withheld is { } withheld)
        {
            options.Notices.Tell(ConnectionNoticeKind.CredentialsWithheld, $"{withheld}. To fix: use an https address");
        }
    }

    private string? _lastFailure;

    private KubeConnection(
        HttpClient client, Uri server, CredentialSource credentials, KubeConnectionOptions options, bool disposeClient)
    {
        Outside = options.Outside;
        Server = server;
        Source = OwnClient;
        _credentials = credentials;
        Namespace = options.Namespace ?? "default";
        Scheduler = options.Scheduler;
        CompressesLists = options.CompressLists;
        Format = options.Format;
        Limits = options.Limits;
        _transport = disposeClient ? client : null;
        _lifetime = new CancellationTokenSource();
        _disposal = _lifetime.Token;
        _sender = new RequestSender(
            server, OwnClient, null, credentials,
            (request, _, ct) => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct),
            options, _disposal)
        {
            Prepare = request => (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy),
        };
    }

    /// <summary>Gets the address of the API server.</summary>
    public Uri Server { get; }

    /// <summary>
    /// Gets the namespace for requests that do not specify one: <see cref="KubeConnectionOptions.Namespace"/>, else the namespace of the
    /// context or of the pod, else <c>default</c>.
    /// </summary>
    public string Namespace { get; }

    /// <summary>
    /// Gets which configuration was chosen, and why, in one line: <c>context "dev" in /home/me/.kube/config (KUBECONFIG is not set)</c>.
    /// Contains no credential.
    /// </summary>
    public string Source { get; }

    /// <summary>
    /// Gets what requests wait for before they can be sent: an exec plugin that has not answered yet; null for nothing. For a message about
    /// a timeout. Changes at any time, and can be read on any thread.
    /// </summary>
    public string? WaitingFor => _credentials.WaitingFor is { } what ? Outside.Of(what, Notices.MaxMessage) : null;

    /// <summary>
    /// Gets the TLS of the latest connection to the server; null if there is none, or an application's own client makes it.
    /// </summary>
    internal TlsFacts? Tls => (_transport as ServerTransport)?.Tls;

    /// <summary>Makes text from the server safe for messages.</summary>
    internal OutsideText Outside { get; }

    /// <summary>
    /// Gets how far a list of several pages is: <c>the list of pods is not complete after 37 pages (36 of them empty) with 12 objects</c>;
    /// null when no list is under way, or none has a page yet. For a message about a timeout. Changes at any time, and can be read on any
    /// thread.
    /// </summary>
    public string? UnfinishedList => Lists.Text;

    /// <summary>
    /// Gets why the last request failed; null if none has failed, or a later one was answered. For a message about a timeout: a failure is
    /// here at once, and in <see cref="Freshness"/> after a second, unless the next attempt is later. Changes at any time, and can be read
    /// on any thread.
    /// </summary>
    public string? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Gets the lists under way.</summary>
    internal UnfinishedLists Lists { get; } = new();

    /// <summary>Gets whether lists may be compressed.</summary>
    internal bool CompressesLists { get; }

    /// <summary>Gets the format in which the server is asked to answer, unless a selection says otherwise.</summary>
    internal WireFormat Format { get; }

    /// <summary>Gets the limits of this connection.</summary>
    internal ConnectionLimits Limits { get; }

    /// <summary>Gets the clock of this connection.</summary>
    internal IScheduler Scheduler { get; }

    /// <summary>
    /// Finds the cluster as kubectl does: from the files in <c>KUBECONFIG</c>, else from <c>~/.kube/config</c>, and if they do not exist or
    /// set no <c>current-context</c>, from the service account of the pod. <see cref="Source"/> tells what was chosen. Options that name a
    /// kubeconfig, a context, a cluster or a user rule out the service account.
    /// </summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The connection. This call reads files but sends nothing.</returns>
    /// <exception cref="KubeConfigurationException">
    /// No configuration was found, or it is invalid. The message says where, and how to fix it.
    /// </exception>
    public static KubeConnection Default(KubeConnectionOptions? options = null)
    {
        options ??= new KubeConnectionOptions();
        var chosen = options.KubeconfigPaths is not null || (options.Context ?? options.Cluster ?? options.User) is not null;
        var missing = InClusterLoader.Missing(options.Environment);
        var files = KubeconfigFiles.Find(options);
        if (chosen || missing is not null)
        {
            return files.Existing.Count > 0 || options.KubeconfigPaths is not null
                ? FromKubeconfig(options: options)
                : throw new KubeConfigurationException(
                    $"No cluster is configured. Looked for: {files.LookedFor}; "
                    + $"a pod's service account ({missing ?? "present, but the options name a context, a cluster or a user"}). "
                    + "To fix: set KUBECONFIG to a kubeconfig file, or run where kubectl works.");
        }

        var why = files.Existing.Count == 0 ? $"there is no kubeconfig: {files.LookedFor}"
            : new MergedKubeconfig(files.Existing, options.Limits).IsEmpty
                ? $"no current-context in {Printable.Of(string.Join(", ", files.Existing), 1000)}"
            : null;
        return why is null
            ? FromFiles(files with { Why = $"{files.Why}, which goes before the pod's service account" }, options)
            : InCluster(options, why);
    }

    /// <summary>
    /// Uses the service account of the pod that this process runs in. The token is re-read at least once a minute and after a 401; the CA
    /// is re-read for every TLS handshake. Proxy settings from environment variables are not used. The namespace is that of
    /// <c>POD_NAMESPACE</c> if it is set, as for client-go.
    /// </summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The connection. This call reads files but sends nothing.</returns>
    /// <exception cref="KubeConfigurationException">This process does not run in a pod, or the service account is not mounted.</exception>
    public static KubeConnection InCluster(KubeConnectionOptions? options = null) =>
        InCluster(options ?? new KubeConnectionOptions(), why: null);

    /// <summary>
    /// Uses a kubeconfig, read as kubectl reads it: contexts, merging, certificates and keys as files or as inline data, tokens, client
    /// certificates, exec plugins, impersonation. If there is no <c>proxy-url</c>, the environment variables <c>HTTPS_PROXY</c>,
    /// <c>HTTP_PROXY</c> and <c>NO_PROXY</c> apply, as for kubectl. An https proxy must have a certificate of a CA in the machine's trust
    /// store or of the cluster's CA, whatever <c>insecure-skip-tls-verify</c> says, and is not shown the client certificate. The login of a
    /// proxy is sent as Basic. Exec plugins have no terminal; what they write to their standard error is a notice
    /// (<see cref="KubeConnectionOptions.OnNotice"/>). To a server with a plain http address no credentials are sent.
    /// </summary>
    /// <param name="path">
    /// The file; null for <see cref="KubeConnectionOptions.KubeconfigPaths"/>, else the files of <c>KUBECONFIG</c>, else
    /// <c>~/.kube/config</c>.
    /// </param>
    /// <param name="context">The context; null for <see cref="KubeConnectionOptions.Context"/>, else <c>current-context</c>.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The connection. This call reads files; nothing is sent and no plugin runs before the first request.</returns>
    /// <exception cref="KubeConfigurationException">
    /// The configuration is missing or invalid. The message names the file and says how to fix it.
    /// </exception>
    public static KubeConnection FromKubeconfig(string? path = null, string? context = null, KubeConnectionOptions? options = null)
    {
        options ??= new KubeConnectionOptions();
        options = options with
        {
            KubeconfigPaths = path is null ? options.KubeconfigPaths : [path],
            Context = context ?? options.Context,
        };
        return FromFiles(KubeconfigFiles.Find(options), options);
    }

    /// <summary>
    /// Uses a server at a given address that asks for no credentials: <c>kubectl proxy</c>, or a simulator. Proxies are not used; a
    /// certificate is checked against the machine's trust store.
    /// </summary>
    /// <param name="server">The API server: <c>http://127.0.0.1:8001</c>. It may have a base path.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The connection. Its namespace is <c>default</c>, unless an option names one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="server"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="server"/> is not an absolute http or https address, or contains credentials.
    /// </exception>
    public static KubeConnection To(Uri server, KubeConnectionOptions? options = null) =>
        To(server, options, "the address that was passed to KubeConnection.To");

    /// <param name="server">The API server.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="source">Where the address comes from, for messages.</param>
    internal static KubeConnection To(Uri server, KubeConnectionOptions? options, string source)
    {
        var target = new ConnectionTarget
        {
            Server = Checked(server),
            Source = source,
            Chosen = source,
            Namespace = "default",
            Credentials = new StaticCredentials(Credential.Anonymous, source),
        };
        return new KubeConnection(target, Own(options), new CancellationTokenSource());
    }

    /// <summary>
    /// Uses an application's own client. Its handlers control TLS, proxies and redirects; turn redirects off with
    /// <see cref="HttpClientHandler.AllowAutoRedirect"/>.
    /// </summary>
    /// <param name="client">
    /// The client. Its timeout must be <see cref="Timeout.InfiniteTimeSpan"/>. Once it is disposed, the next request of a stream ends
    /// that stream with an <see cref="ObjectDisposedException"/>.
    /// </param>
    /// <param name="server">The API server.</param>
    /// <param name="authorize">
    /// Sets the credentials of a request; null if the client sets them. After a 401 it is called again, for one retry. The request has the
    /// client's default HTTP version; the callback may change the version and any header.
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="disposeClient">Whether the client is disposed together with the connection. The default is false.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="server"/> is not an absolute http or https address, or contains credentials.
    /// </exception>
    public static KubeConnection From(
        HttpClient client, Uri server, Func<HttpRequestMessage, CancellationToken, Task>? authorize = null,
        KubeConnectionOptions? options = null, bool disposeClient = false)
    {
        ArgumentNullException.ThrowIfNull(client);
        Checked(server);
        CredentialSource credentials = authorize is null
            ? new StaticCredentials(Credential.Anonymous, OwnClient)
            : new CallbackCredentials(authorize);
        return new KubeConnection(client, server, credentials, Own(options), disposeClient);
    }

    /// <summary>Returns the server, the namespace and the source of the configuration, without credentials.</summary>
    /// <returns>One line for a log.</returns>
    public override string ToString() => $"{Server.GetLeftPart(UriPartial.Path)} ({Printable.Of(Namespace)}), from {Source}";

    /// <summary>
    /// Replaces the credentials of this connection in a text, in every usual encoding, and pieces of them: for a recording, or another
    /// place where what the server sent is kept. Control characters are not escaped.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with <c>***</c> for each credential; the same object if it has none.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Outside.Redacted(text);
    }

    /// <summary>
    /// Ends all requests at once, and closes idle connections: open watches and lists fail with an <see cref="ObjectDisposedException"/>,
    /// on this thread or on the one that reads. An application's own client is not disposed, unless the connection took ownership of it.
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

    private static Uri Checked(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.IsAbsoluteUri && server.Scheme is ("http" or "https") && server.UserInfo.Length == 0
            ? server
            : throw new ArgumentException("The server must be an absolute http or https address without a login.", nameof(server));
    }

    private static KubeConnectionOptions Own(KubeConnectionOptions? options) =>
        (options ?? new KubeConnectionOptions()) with { Outside = new OutsideText() };

    private static KubeConnection InCluster(KubeConnectionOptions options, string? why) =>
        Load(options, (own, _) => InClusterLoader.Load(own, why));

    private static KubeConnection FromFiles(KubeconfigFiles files, KubeConnectionOptions options) =>
        Load(options, (own, lifetime) => KubeconfigLoader.Load(files, own, lifetime));

    private static KubeConnection Load(KubeConnectionOptions options, Func<KubeConnectionOptions, CancellationToken, ConnectionTarget> load)
    {
        var lifetime = new CancellationTokenSource();
        options = Own(options);
        try
        {
            return new KubeConnection(load(options, lifetime.Token), options, lifetime);
        }
        catch (Exception e)
        {
            lifetime.Dispose();
            if (options.Outside.Of(e) is var safe && safe != e)
            {
                throw safe;
            }

            throw;
        }
    }

    /// <summary>Runs a request, and the reading of its answer, until the end of this connection at the latest.</summary>
    /// <param name="request">The request. Its token is cancelled by the caller or by the disposal of this connection.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    /// <exception cref="KubeException">The request failed; any exception is safe to print.</exception>
    internal async Task WhileOpenAsync(Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal);
        try
        {
            await request(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (
            e is OperationCanceledException or KubeTransportException
            && _disposal.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(typeof(KubeConnection).FullName, Outside.Of(e));
        }
        catch (Exception e) when (e is not ObserverException && !cancellationToken.IsCancellationRequested)
        {
            var safe = Outside.Of(e);
            Volatile.Write(ref _lastFailure, safe.Message);
            if (safe == e)
            {
                throw;
            }

            throw safe;
        }
    }

    /// <summary>
    /// Sends a GET and returns the response when its headers have arrived and its status is 2xx.
    /// </summary>
    /// <param name="pathAndQuery">Path and query below <see cref="Server"/>, without a leading slash, already escaped.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The response; the caller disposes it.</returns>
    /// <exception cref="KubeStatusException">
    /// The server answered with another status. After a 401, the credentials are refreshed and the request is retried once.
    /// </exception>
    /// <exception cref="KubeTransportException">The server could not be reached or was not trusted.</exception>
    /// <exception cref="KubeConfigurationException">No credentials could be obtained.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled. Timeouts are <see cref="KubeTransportException"/>s.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    internal Task<HttpResponseMessage> GetAsync(string pathAndQuery, CancellationToken cancellationToken) =>
        GetAsync(pathAndQuery, AcceptedFormats.Json, isWatch: false, cancellationToken);

    /// <inheritdoc cref="GetAsync(string, CancellationToken)"/>
    /// <param name="pathAndQuery">Path and query below <see cref="Server"/>, without a leading slash, already escaped.</param>
    /// <param name="accepted">The formats that the caller can read.</param>
    /// <param name="isWatch">
    /// Whether the headers may take as long as the request lives: a server or a proxy may send them with the first event. Otherwise
    /// <see cref="KubeConnectionOptions.ResponseTimeout"/> limits the wait.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal Task<HttpResponseMessage> GetAsync(
        string pathAndQuery, AcceptedFormats accepted, bool isWatch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return AnsweredAsync(_sender.GetAsync(pathAndQuery, accepted, isWatch, cancellationToken));
    }

    /// <summary>Asks the server about this connection's own user: the only POST, which only the tool sends.</summary>
    /// <param name="review">The question.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The body of the answer, for <see cref="SelfReviewAnswer"/>.</returns>
    /// <inheritdoc cref="GetAsync(string, CancellationToken)" path="/exception"/>
    internal async Task<ReadOnlyMemory<byte>> AskAsync(SelfReview review, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> answer = default;
        await WhileOpenAsync(
            async open =>
            {
                using var response = await AnsweredAsync(_sender.PostAsync(review, open)).ConfigureAwait(false);
                using var body = await ResponseBody.OpenAsync(response, received: null, open).ConfigureAwait(false);
                answer = await SelfReviewAnswer.ReadBodyAsync(body, Limits.MaxAnswerBytes, open).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private async Task<HttpResponseMessage> AnsweredAsync(Task<HttpResponseMessage> request)
    {
        var response = await request.ConfigureAwait(false);
        Volatile.Write(ref _lastFailure, null);
        return response;
    }
}
