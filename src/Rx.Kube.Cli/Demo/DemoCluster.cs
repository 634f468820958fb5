using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Demo;

/// <summary>A simulated API server in this process, on which the scenario is played.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private const string Plural = "endpointslices";

    private readonly ApiServerSimulator _server;
    private readonly HttpClient _client;
    private readonly IDisposable _playing;

    private DemoCluster(ApiServerSimulator server, ServiceName service, IEnumerator<DemoStep> moments, IScheduler scheduler)
    {
        _server = server;
        // No proxy: the server is in this process, whatever the environment says.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        Connection = KubeConnection.From(_client, server.Url, options: new KubeConnectionOptions { Scheduler = scheduler });
        _playing = Play(moments, scheduler).Subscribe(step => Apply(service, step));
    }

    /// <summary>The connection to the server.</summary>
    public KubeConnection Connection { get; }

    /// <summary>Starts the server, and the scenario on it.</summary>
    /// <param name="service">The Service the scenario is about.</param>
    /// <param name="seed">The seed of the scenario.</param>
    /// <param name="scheduler">The clock of the scenario.</param>
    /// <returns>The cluster; its first state is there already.</returns>
    public static async Task<DemoCluster> StartAsync(ServiceName service, int seed, IScheduler scheduler)
    {
        var server = await ApiServerSimulator.StartAsync().ConfigureAwait(false);
        var moments = new DemoScenario(seed).Steps().GetEnumerator();
        moments.MoveNext();
        server.Cluster.Create(Plural, DemoSlice.Of(service.Namespace, service.Name, moments.Current.Pods));
        return new DemoCluster(server, service, moments, scheduler);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _playing.Dispose();
        Connection.Dispose();
        _client.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static IObservable<DemoStep> Play(IEnumerator<DemoStep> moments, IScheduler scheduler) => Observable.Generate(
        moments.MoveNext(), more => more, _ => moments.MoveNext(), _ => moments.Current, _ => moments.Current.After, scheduler);

    private void Apply(ServiceName service, DemoStep step)
    {
        _server.Cluster.Replace(Plural, DemoSlice.Of(service.Namespace, service.Name, step.Pods));
        if (_server.Offline == step.IsOnline)
        {
            _server.Offline = !step.IsOnline;
        }
    }
}
