using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Security.Cryptography;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Demo;

/// <summary>Runs the scenario of the demonstration on a simulated API server in this process.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private readonly ApiServerSimulator _server;
    private readonly HttpClient _client;
    private readonly DemoState _state;
    private readonly IDisposable _scenario;

    private DemoCluster(ApiServerSimulator server, string token, DemoState state, IEnumerator<DemoStep> steps, IScheduler scheduler)
    {
        (_server, _state) = (server, state);
        // The server is in this process, so a proxy from the environment must not be used.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Connection = KubeConnection.From(_client, server.Url, options: new KubeConnectionOptions { Scheduler = scheduler });
        _scenario = Play(steps, scheduler).Subscribe(Apply);
    }

    /// <summary>Gets the connection to the server.</summary>
    public KubeConnection Connection { get; }

    /// <summary>Starts the server and the scenario.</summary>
    /// <param name="service">The Service of the scenario.</param>
    /// <param name="seed">The seed of the scenario.</param>
    /// <param name="scheduler">The clock of the scenario.</param>
    /// <returns>The cluster, which already has the first state of the scenario.</returns>
    public static async Task<DemoCluster> StartAsync(ServiceName service, int seed, IScheduler scheduler)
    {
        // Any process of this machine can reach the port.
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var users = new Dictionary<string, SimulatedUser> { [token] = new("demo", SimulatedAccess.Read) };
        var server = await ApiServerSimulator.StartAsync(new SimulatorOptions { Tokens = users }).ConfigureAwait(false);
        var steps = new DemoScenario(seed).Steps().GetEnumerator();
        steps.MoveNext();
        var state = new DemoState(server.Cluster, service);
        state.Next(steps.Current.Pods);
        return new DemoCluster(server, token, state, steps, scheduler);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _scenario.Dispose();
        Connection.Dispose();
        _client.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static IObservable<DemoStep> Play(IEnumerator<DemoStep> steps, IScheduler scheduler) => Observable.Generate(
        steps.MoveNext(), more => more, _ => steps.MoveNext(), _ => steps.Current, _ => steps.Current.After, scheduler);

    private void Apply(DemoStep step)
    {
        _state.Next(step.Pods);
        if (_server.Offline == step.IsOnline)
        {
            _server.Offline = !step.IsOnline;
        }
    }
}
