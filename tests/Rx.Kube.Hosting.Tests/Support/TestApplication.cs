using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Rx.Kube.Hosting.Tests.Support;

/// <summary>An ASP.NET Core application on a free port, with <c>/health</c> and <c>/metrics</c>, as users write it.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApplication(WebApplication app, RecordedLog log) => (_app, Log) = (app, log);

    public RecordedLog Log { get; }

    public HttpClient Client { get; } = new() { Timeout = Eventually.Patience };

    public IServiceProvider Services => _app.Services;

    public static async Task<TestApplication> StartAsync(
        Uri server, Action<WebApplicationBuilder> configure, Action<WebApplication>? map = null)
    {
        var log = new RecordedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kube:Connection:Server"] = server.AbsoluteUri,
            ["Kube:Connection:Namespace"] = "prod",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Rx.Kube").AddPrometheusExporter(
            options => options.ScrapeResponseCacheDurationMilliseconds = 0));
        configure(builder);
        var app = builder.Build();
        app.MapHealthChecks("/health", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsync(
            string.Join('\n', report.Entries.Select(entry => $"{entry.Value.Status} {entry.Value.Description}")))
        });
        app.MapPrometheusScrapingEndpoint();
        map?.Invoke(app);
        var application = new TestApplication(app, log);
        await app.StartAsync();
        application.Client.BaseAddress = new(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return application;
    }

    /// <summary>Gets the status and the body.</summary>
    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Client.Dispose();
        Log.Dispose();
    }
}
