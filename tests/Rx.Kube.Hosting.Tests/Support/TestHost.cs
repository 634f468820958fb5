using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.Hosting.Tests.Support;

/// <summary>A host without a web server, whose log is recorded.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host, RecordedLog log) => (_host, Log) = (host, log);

    public RecordedLog Log { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Builds a host, without the environment's configuration.</summary>
    public static TestHost Build(Action<HostApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var log = new RecordedLog();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddMetrics();
        configure(builder);
        return new TestHost(builder.Build(), log);
    }

    /// <summary>Builds a host in virtual time, which does not wait for the first list.</summary>
    public static TestHost Build(
        ScriptedServer server,
        Action<KubeTopologyOptions>? configure = null,
        Action<IServiceCollection>? services = null) => Build(builder =>
    {
        services?.Invoke(builder.Services); // before the topology: it waits in StartingAsync, which comes before every StartAsync
        builder.Services.AddSingleton(_ => server.Connect());
        builder.AddKubeTopology("cache", options =>
        {
            options.Scheduler = server.Clock;
            options.FirstSyncTimeout = TimeSpan.Zero;
            options.Resume = ResumeOptions.WithoutJitter;
            configure?.Invoke(options);
        });
    });

    public Task StartAsync() => _host.StartAsync();

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    public Task StopAsync() => _host.StopAsync();

    public T Get<T>(string? name = null)
        where T : notnull => name is null ? Services.GetRequiredService<T>() : Services.GetRequiredKeyedService<T>(name);

    public async Task<HealthReportEntry> HealthAsync(string name = "cache") =>
        (await Get<HealthCheckService>().CheckHealthAsync()).Entries[$"kube-topology-{name}"];

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        Log.Dispose();
    }
}
