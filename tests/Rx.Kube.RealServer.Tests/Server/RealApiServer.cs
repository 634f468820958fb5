using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Holds the tokens of four users: all rights; get, list and watch; get and list; none.</summary>
public sealed record Tokens(string Admin, string Reader, string Lister, string Unprivileged);

/// <summary>
/// Provides a real API server and a namespace to one test class, as a class fixture. A local server is killed with the
/// class or with the test process. The tokens have their rights in <see cref="Namespace"/> only.
/// </summary>
/// <param name="messages">The sink of the seed.</param>
public sealed class RealApiServer(IMessageSink messages) : IAsyncLifetime
{
    private static readonly Tokens _fixedTokens = new("admin-token", "reader-token", "lister-token", "nobody-token");

    private readonly ServerSource _source = ServerSource.Current;
    private LocalServer? _local;
    private ExternalCluster? _cluster;
    private string _folder = "";
    private int _files;

    /// <summary>Gets the address of the server, with a slash at the end.</summary>
    public Uri Url => _local?.Url ?? _cluster!.Url;

    /// <summary>Gets the file of the trusted certificates, as PEM.</summary>
    public string CaFile => _local?.CaFile ?? _cluster!.CaFile;

    public Tokens Tokens => _cluster?.Tokens ?? _fixedTokens;

    /// <summary>Gets the namespace of the test class. Tests write only there.</summary>
    public string Namespace { get; } = TestSeed.Name("rxkube");

    /// <summary>Gets a kubeconfig of the admin for <see cref="Namespace"/>.</summary>
    public string KubeconfigPath => Kubeconfig(Tokens.Admin);

    /// <summary>Gets the flag for <see cref="StartServerAsync"/> with which a compaction alone causes 410 on EndpointSlices.</summary>
    public string NoSliceCacheFlag => Local.Flavor.NoSliceCacheFlag;

    /// <summary>Gets the flags for <see cref="StartServerAsync"/> with which two requests at a time get 429, beside watches.</summary>
    public string[] OneRequestFlags => Local.Flavor.OneRequestFlags;

    /// <summary>Gets the flag for <see cref="StartServerAsync"/> with which the server refuses streaming lists.</summary>
    public string NoStreamingListsFlag => Local.Flavor.NoStreamingListsFlag;

    /// <summary>Gets the flags for <see cref="StartServerAsync"/> with which the server has roles and reviews.</summary>
    public string[] RolesFlags => Local.Flavor.RolesFlags;

    private LocalServer Local => _local ?? throw new InvalidOperationException(
        "The test controls the server without permission. To fix: set Needs = Needs.ServerControl.");

    /// <summary>Gets the path of the slices of <see cref="Namespace"/>, without a leading slash.</summary>
    public string SlicesPath => $"apis/discovery.k8s.io/v1/namespaces/{Namespace}/endpointslices";

    public async Task InitializeAsync()
    {
        if (_source.Kind == ServerKind.None)
        {
            // Outside CI, every test of the class is skipped with the same text.
            _ = ServerSource.IsRequired ? throw new InvalidOperationException(ServerSource.ToFix) : 0;
            return;
        }

        messages.OnMessage(new DiagnosticMessage($"seed {TestSeed.Value} ({TestSeed.Variable}), namespace {Namespace}"));
        _folder = Directory.CreateTempSubdirectory("rxkube-real-").FullName;
        await StartAsync(); // xunit disposes the fixture even if this fails
    }

    /// <summary>Creates an HTTP client with the token of a user; the default is the admin.</summary>
    public HttpClient Client(string? token = null) => TrustingHttpClient.Create(Url, CaFile, token ?? Tokens.Admin);

    /// <summary>Writes a kubeconfig for another address of the server, such as a proxy's.</summary>
    /// <param name="url">The address; the certificate is for 127.0.0.1.</param>
    /// <param name="user">The fields of the user, as YAML; null for the reader's token.</param>
    /// <returns>The path; the file exists as long as the fixture.</returns>
    public string KubeconfigThrough(Uri url, string? user = null)
    {
        var path = NewFile("kubeconfig");
        File.WriteAllText(path, Kubectl.ConfigOf(url, CaFile, user ?? $"token: \"{Tokens.Reader}\"", Namespace));
        return path;
    }

    /// <summary>Gets the path of a file that exists as long as the fixture, once it is written.</summary>
    public string NewFile(string name) => Path.Combine(_folder, $"{name}-{Interlocked.Increment(ref _files)}");

    /// <summary>Writes a kubeconfig for one token.</summary>
    /// <returns>The path; the file exists as long as the fixture.</returns>
    public string Kubeconfig(string token)
    {
        var path = Path.Combine(_folder, $"kubeconfig-{Tokens switch
        {
            var t when t.Admin == token => "admin",
            var t when t.Reader == token => "reader",
            var t when t.Lister == token => "lister",
            _ => "other",
        }}");
        File.WriteAllText(path, Kubectl.Config(Url, CaFile, token, Namespace));
        return path;
    }

    /// <summary>
    /// Runs kubectl as the admin in <see cref="Namespace"/>. `create` and `apply` need `--validate=false`: the built server
    /// has no schemas.
    /// </summary>
    public Task<CommandResult> KubectlAsync(IEnumerable<string> arguments, string? stdin = null) =>
        Kubectl.RunAsync(_source, KubeconfigPath, Path.Combine(_folder, "kubectl-cache"), arguments, stdin);

    /// <summary>As <see cref="KubectlAsync(IEnumerable{string}, string?)"/>, arguments separated by blanks.</summary>
    public Task<CommandResult> KubectlAsync(string arguments, string? stdin = null) =>
        KubectlAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), stdin);

    /// <summary>Starts kubectl as the administrator, with its output as a stream; arguments separated by blanks.</summary>
    public Process StartKubectl(string arguments) => Kubectl.Start(
        _source, KubeconfigPath, Path.Combine(_folder, "kubectl-cache"), arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Kills the API server; etcd keeps running with the data.</summary>
    public void KillServer() => Local.KillServer();

    /// <summary>Starts a killed API server with the same port and data, and waits until it is ready.</summary>
    public Task StartServerAsync(params string[] extraFlags) => Local.StartServerAsync(extraFlags);

    /// <summary>Kills and starts the API server. Its watch cache starts empty, so older versions give 410.</summary>
    public Task RestartAsync(params string[] extraFlags)
    {
        KillServer();
        return StartServerAsync(extraFlags);
    }

    /// <summary>
    /// Compacts etcd at the present revision and returns it. Older revisions are then gone, except in the watch cache, and
    /// except the revision just before: a watch from there starts at the compacted revision, which etcd keeps.
    /// </summary>
    public Task<long> CompactAsync() => Local.CompactAsync();

    /// <summary>Copies the data of etcd, which is down for a moment.</summary>
    /// <returns>The folder of the copy, for <see cref="RestoreAsync"/>.</returns>
    public Task<string> BackUpAsync() => Local.BackUpAsync();

    /// <summary>
    /// Kills etcd and starts it on a copy of a backup. The API server keeps running if it does, with a watch cache of the state before.
    /// </summary>
    public Task RestoreAsync(string backup) => Local.RestoreAsync(backup);

    /// <summary>Starts a killed API server with other tokens.</summary>
    /// <param name="lines">The tokens, one a line: <c>token,user,uid,"groups"</c>.</param>
    public Task StartServerWithTokensAsync(string lines) => Local.StartServerWithTokensAsync(lines);

    public async Task DisposeAsync()
    {
        _local?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Reads a counter or gauge of the API server; the sum, if it has several series.</summary>
    public async Task<double> MetricAsync(string name)
    {
        using var client = Client();
        return (await client.GetStringAsync("metrics")).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task StartAsync()
    {
        if (_source.Kind == ServerKind.Cluster)
        {
            _cluster = await ExternalCluster.OpenAsync(_source, _folder, Namespace);
            return;
        }

        ServerFlavor flavor = _source.Kind == ServerKind.Envtest ? new EnvtestFlavor(_source.Location) : new BuiltFlavor(_source.Location);
        _local = new LocalServer(flavor, _source.Location, _folder);
        await _local.StartAllAsync();
        (await KubectlAsync("create namespace " + Namespace)).OutputOrThrow();
        if (flavor.HasRbac)
        {
            (await KubectlAsync("create -f -", Rbac.Manifest(Namespace, "User"))).OutputOrThrow();
        }
    }
}
