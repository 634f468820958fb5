using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>The tokens of four users: all rights; get, list and watch; get and list; none.</summary>
public sealed record Tokens(string Admin, string Reader, string Lister, string Nobody);

/// <summary>
/// A class fixture: a real API server for one test class, with a namespace of its own. Local servers are killed with the
/// class, or with the test process. Rights of the tokens are promised in <see cref="Namespace"/> only.
/// </summary>
/// <param name="messages">Where the seed is printed.</param>
public sealed class RealApiServer(IMessageSink messages) : IAsyncLifetime
{
    private static readonly Tokens _fixedTokens = new("admin-token", "reader-token", "lister-token", "nobody-token");

    private readonly ServerSource _source = ServerSource.Current;
    private LocalServer? _local;
    private ForeignCluster? _cluster;
    private string _folder = "";

    /// <summary>The server's address, with a slash at the end.</summary>
    public Uri Url => _local?.Url ?? _cluster!.Url;

    /// <summary>The certificates to trust, as PEM.</summary>
    public string CaFile => _local?.CaFile ?? _cluster!.CaFile;

    public Tokens Tokens => _cluster?.Tokens ?? _fixedTokens;

    /// <summary>The namespace of this test class: tests write here only.</summary>
    public string Namespace { get; } = TestSeed.Name("rxkube");

    /// <summary>A kubeconfig of the admin for <see cref="Namespace"/>.</summary>
    public string KubeconfigPath => Kubeconfig(Tokens.Admin);

    /// <summary>The flag for <see cref="StartServerAsync"/> with which a compaction alone leads to 410 on EndpointSlices.</summary>
    public string NoSliceCacheFlag => Local.Flavor.NoSliceCacheFlag;

    private LocalServer Local => _local ?? throw new InvalidOperationException("The test lacks Needs = Needs.ServerControl.");

    /// <summary>Path of the slices of <see cref="Namespace"/>, without a leading slash.</summary>
    public string SlicesPath => $"apis/discovery.k8s.io/v1/namespaces/{Namespace}/endpointslices";

    public async Task InitializeAsync()
    {
        if (_source.Kind == ServerKind.None)
        {
            // Without CI every test of the class is skipped, with the same words.
            _ = ServerSource.IsRequired ? throw new InvalidOperationException(ServerSource.Cure) : 0;
            return;
        }

        messages.OnMessage(new DiagnosticMessage($"seed {TestSeed.Value} ({TestSeed.Variable}), namespace {Namespace}"));
        _folder = Directory.CreateTempSubdirectory("rxkube-real-").FullName;
        await StartAsync(); // xunit disposes of the fixture even if this fails
    }

    /// <summary>A plain HTTP client with the token of one user, the admin's if none is named.</summary>
    public HttpClient Client(string? token = null) => Https.Client(Url, CaFile, token ?? Tokens.Admin);

    /// <summary>Writes a kubeconfig for one token.</summary>
    /// <returns>Its path; the file lives as long as the fixture.</returns>
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

    /// <summary>KILLs the API server; etcd lives on, and the data with it.</summary>
    public void KillServer() => Local.KillServer();

    /// <summary>Starts a killed API server on the same port and data and returns when it is ready.</summary>
    public Task StartServerAsync(params string[] extraFlags) => Local.StartServerAsync(extraFlags);

    /// <summary>KILLs and starts the API server. Its watch cache starts empty: older versions are then 410.</summary>
    public Task RestartAsync(params string[] extraFlags)
    {
        KillServer();
        return StartServerAsync(extraFlags);
    }

    /// <summary>
    /// Compacts etcd at its present revision, which is returned. Older ones are then gone, except by the watch cache, and
    /// except the one just before: a watch from there starts at the compacted revision itself, which is kept.
    /// </summary>
    public Task<long> CompactAsync() => Local.CompactAsync();

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

    private async Task StartAsync()
    {
        if (_source.Kind == ServerKind.Cluster)
        {
            _cluster = await ForeignCluster.OpenAsync(_source, _folder, Namespace);
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
