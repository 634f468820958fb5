using System.Reactive.Concurrency;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Examines the permission to list, by a list.</summary>
/// <param name="source">The source, which knows other Services.</param>
/// <param name="connection">The connection.</param>
/// <param name="questions">Asks the server.</param>
/// <param name="settings">What to examine.</param>
/// <param name="scheduler">The clock.</param>
/// <param name="checks">Receives the checks.</param>
internal sealed class ListChecks(
    WatchSource source, KubeConnection connection, Questions questions, DoctorSettings settings, IScheduler scheduler,
    List<Check> checks)
{
    /// <summary>Lists.</summary>
    /// <param name="identity">Who the user is; null if unknown.</param>
    /// <param name="ct">Ends the request.</param>
    /// <returns>The slices of the Service, or of the namespace if there is none; null if they cannot be listed.</returns>
    public async Task<WatchEvent<EndpointSlice>.Listed?> RunAsync(SelfIdentity? identity, CancellationToken ct)
    {
        var service = source.Service;
        var permission = new MissingPermission("list", "discovery.k8s.io", "endpointslices", service.Namespace);
        var watch = scheduler.StartStopwatch();
        WatchEvent<EndpointSlice>.Listed? list = null;
        try
        {
            await questions.WithinAsync(
                async within => list = await Slices(connection, service, settings).List(ListOptions.MostRecent).ToTask(within)
                    .ConfigureAwait(false),
                ct).ConfigureAwait(false);
        }
        catch (KubeForbiddenException e)
        {
            checks.Add(Permissions.Missing("list", e.Permission, identity, e.Status.Message));
            return null;
        }
        catch (KubeStatusException e) when (e.Status.Code != 401)
        {
            checks.Add(Check.Failed("list", e));
            return null;
        }

        var count = list!.Items.Length;
        checks.Add(new("list", CheckState.Ok,
            $"{permission} is allowed: {HumanFormat.Count(count, "slice")} in {PathChecks.Milliseconds(watch.Elapsed)}")
        {
            Facts = json => json.WriteNumber("slices", count),
        });
        return list;
    }

    /// <summary>Gets the slices of the Service, or of the namespace if there is none.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="service">The Service; its name may be empty.</param>
    /// <param name="settings">The selector.</param>
    /// <returns>The collection.</returns>
    public static IWatchable<EndpointSlice> Slices(KubeConnection connection, ServiceName service, DoctorSettings settings) =>
        connection.EndpointSlices(
            service.Namespace, service.Name.Length == 0 ? null : service.Name, settings.Watch.Selector, WatchSources.Limits);
}
