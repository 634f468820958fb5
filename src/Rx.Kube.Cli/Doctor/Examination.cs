using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Asks all questions, one after the other: the configuration, the way to the server, the user, watches, the Service.</summary>
/// <param name="settings">What to examine.</param>
/// <param name="host">The clock.</param>
/// <param name="open">Opens the connection.</param>
/// <param name="progress">Receives what takes a while.</param>
internal sealed class Examination(DoctorSettings settings, CliHost host, OpenSource open, Action<string> progress)
{
    private readonly List<Check> _checks = [];

    /// <summary>Examines.</summary>
    /// <param name="onNotice">Receives the notices of the connection.</param>
    /// <param name="ct">Ends the examination.</param>
    /// <returns>The report.</returns>
    public async Task<Report> RunAsync(Action<ConnectionNotice> onNotice, CancellationToken ct)
    {
        WatchSource source;
        try
        {
            source = await open.Within(settings.Watch, host.Scheduler, onNotice).ToTask(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or FirstSyncTimeoutException)
        {
            return Blocked(Check.Failed("configuration", e) with { Details = Sources() }, null);
        }

        await using var closing = source.ConfigureAwait(false);
        var connection = source.Connection ?? throw new InvalidOperationException("The source has no connection.");
        var service = source.Service.Name.Length == 0 ? null : source.Service;
        _checks.Add(new("configuration", CheckState.Ok, settings.Watch.Demo
            ? "the built-in demonstration" : $"{connection.Source}, namespace {source.Service.Namespace}")
        {
            Details = Sources(),
        });
        var questions = new Questions(connection, settings.Watch.Timeout, host.Scheduler);
        try
        {
            var path = new PathChecks(connection, questions, source.Service.Namespace, host.Scheduler, _checks);
            await path.RunAsync(ct).ConfigureAwait(false);
            var listing = new ListChecks(source, connection, questions, settings, host.Scheduler, _checks);
            var slices = await listing.RunAsync(path.Identity, ct).ConfigureAwait(false);
            await new WatchChecks(connection, source.Service, settings, host.Scheduler, progress, _checks)
                .RunAsync(slices, path.Identity, ct).ConfigureAwait(false);
            if (service is not null)
            {
                await new ServiceChecks(source, questions, settings, host.Scheduler, _checks).RunAsync(slices, ct).ConfigureAwait(false);
            }
        }
        catch (KubeException e)
        {
            return Blocked(Check.Failed(e is KubeTransportException { IsUntrusted: true } ? "tls"
                : e is KubeStatusException { Status.Code: 401 } ? "identity"
                : e is KubeConfigurationException || connection.WaitingFor is not null ? "credentials"
                : "server", e), service);
        }

        return new([.. _checks], service, IsBlocked: false);
    }

    private Report Blocked(Check check, ServiceName? service)
    {
        _checks.Add(check);
        return new([.. _checks], service, IsBlocked: _checks.TrueForAll(c => c.Id is not "list"));
    }

    private System.Collections.Immutable.ImmutableArray<string> Sources() => settings.Watch.Demo
        ? []
        : [
            .. ConfigurationSources.Of(WatchSources.OptionsOf(settings.Watch, host.Scheduler))
                .Select(source => $"{source.Place}: {source.State}"),
        ];
}
