using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Examines a Service: whether it exists, its slices, its endpoints, its ports.</summary>
/// <param name="source">The source, which knows other Services.</param>
/// <param name="questions">Asks the server.</param>
/// <param name="settings">What to examine.</param>
/// <param name="scheduler">The clock.</param>
/// <param name="checks">Receives the checks.</param>
internal sealed class ServiceChecks(
    WatchSource source, Questions questions, DoctorSettings settings, IScheduler scheduler, List<Check> checks)
{
    private const int MostNames = 5;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly ServiceName _name = source.Service;

    private string Full => $"{EndpointFormat.Name(_name.Namespace)}/{EndpointFormat.Name(_name.Name)}";

    /// <summary>Examines.</summary>
    /// <param name="list">The slices of the Service; null if they could not be listed.</param>
    /// <param name="ct">Ends the examination.</param>
    public async Task RunAsync(WatchEvent<EndpointSlice>.Listed? list, CancellationToken ct)
    {
        var (service, isKnown) = await ServiceAsync(ct).ConfigureAwait(false);
        if (isKnown && service is null && list is not { Items.Length: > 0 })
        {
            checks.Add(await LackingAsync(
                "service", $"there is no Service {EndpointFormat.Name(_name.Name)} in namespace {EndpointFormat.Name(_name.Namespace)}", ct)
                .ConfigureAwait(false));
            return;
        }

        checks.Add((isKnown, service) switch
        {
            (false, _) => new("service", CheckState.Unknown, $"this user may not list services in namespace {_name.Namespace}"),
            (_, null) => new("service", CheckState.Ok, $"there is no Service {Full}, but slices of that name, which are enough"),
            (_, { } found) => new("service", CheckState.Ok, $"{Full} exists: {ServiceText.Describe(found)}"),
        });
        if (list is null)
        {
            return;
        }

        var topology = await Observable.Return<WatchEvent<EndpointSlice>>(list).ToTopology(_name).LastAsync().ToTask(ct)
            .ConfigureAwait(false);
        checks.Add(await SlicesAsync(topology, service, ct).ConfigureAwait(false));
        if (topology.SliceCount > 0)
        {
            checks.Add(await EndpointsAsync(topology, service, ct).ConfigureAwait(false));
            checks.Add(Ports(topology, list, service));
        }
    }

    private async Task<(ServiceObject? Service, bool IsKnown)> ServiceAsync(CancellationToken ct)
    {
        var list = await ListAsync(ObjectKinds.Services, new ResourceSelection
        {
            Namespace = _name.Namespace,
            FieldSelector = $"metadata.name={_name.Name}",
        }, ct).ConfigureAwait(false);
        return (list?.Items is [var found, ..] ? found : null, list is not null);
    }

    private async Task<WatchEvent<T>.Listed?> ListAsync<T>(ResourceKind<T> kind, ResourceSelection selection, CancellationToken ct)
    {
        try
        {
            WatchEvent<T>.Listed? list = null;
            await questions.WithinAsync(
                async within => list = await source.Connection!.Resources(kind, selection).List(ListOptions.MostRecent).ToTask(within)
                    .ConfigureAwait(false),
                ct).ConfigureAwait(false);
            return list;
        }
        catch (KubeStatusException e) when (e.Status.Code != 401)
        {
            return null;
        }
    }

    private async Task<Check> LackingAsync(string id, string what, CancellationToken ct)
    {
        var others = await source.Others.Timeout(_patience, scheduler)
            .Catch((Exception _) => Observable.Empty<IReadOnlyCollection<ServiceName>>()).FirstOrDefaultAsync().ToTask(ct)
            .ConfigureAwait(false);
        return NearbyServices.Hint(_name, others).Split("To fix: ", 2) switch
        {
            ["", var fix] => new(id, CheckState.Problem, what, fix.TrimEnd('.')),
            [var more, var fix] => new(id, CheckState.Problem, $"{what}. {more.TrimEnd()}", fix.TrimEnd('.')),
            var question => new(id, CheckState.Problem, what, $"correct the name. {question[0]}"),
        };
    }

    private async Task<Check> SlicesAsync(ServiceTopology topology, ServiceObject? service, CancellationToken ct)
    {
        if (topology.Skipped is [var skipped, ..])
        {
            return new("slices", CheckState.Problem,
                $"{HumanFormat.Count(topology.Skipped.Length, "slice")} cannot be read: {EndpointFormat.Name(skipped.Name)}: " +
                skipped.Reason, "correct the slice, or report this");
        }

        if (topology.SliceCount > 0)
        {
            return new("slices", CheckState.Ok, HumanFormat.Count(topology.SliceCount, "slice"));
        }

        return (settings.Watch.Selector, service) switch
        {
            ({ } selector, _) => new("slices", CheckState.Problem, $"no slice of {Full} matches the selector {selector}", "correct -l"),
            (_, null) => await LackingAsync("slices", PresenceText.Of(topology)!, ct).ConfigureAwait(false),
            (_, { IsExternalName: true }) => new("slices", CheckState.Problem,
                $"{Full} is an alias of {EndpointFormat.Name(service.Spec!.ExternalName)} (ExternalName): such a Service has no endpoints",
                "examine the Service behind the alias"),
            (_, { Selector: null }) => new("slices", CheckState.Problem,
                $"{Full} has no EndpointSlice: the Service has no selector, so that no controller makes one",
                $"give the Service a selector, or create a slice with the label {EndpointSlice.ServiceNameLabel}={_name.Name}"),
            _ => new("slices", CheckState.Problem,
                $"{Full} has no EndpointSlice, although it has the selector {service.Selector}: no controller has made one",
                "check that kube-controller-manager runs (its EndpointSlice controller)"),
        };
    }

    private async Task<Check> EndpointsAsync(ServiceTopology topology, ServiceObject? service, CancellationToken ct)
    {
        var (all, ready) = (topology.Endpoints.Count, topology.Ready.Count);
        if (all == 0)
        {
            var (text, fix) = await NoEndpointsAsync(service, ct).ConfigureAwait(false);
            return new("endpoints", CheckState.Problem, text, fix);
        }

        var waiting = topology.Endpoints.Where(e => !e.Ready).Select(e => EndpointFormat.Name(e.Member)).Distinct().ToList();
        var names = string.Join(", ", waiting.Take(MostNames)) +
            (waiting.Count > MostNames ? $" and {waiting.Count - MostNames} more" : "");
        return (ready == 0
            ? new Check("endpoints", CheckState.Problem, $"{HumanFormat.Count(all, "endpoint")}, none ready: {names}",
                $"see why: rxkube tree {_name.Name} -n {_name.Namespace}")
            : new("endpoints", CheckState.Ok, $"{HumanFormat.Count(all, "endpoint")}, {ready} ready" +
                (waiting.Count > 0 ? $"; not ready: {names}" : ""))) with
        {
            Facts = json =>
            {
                json.WriteNumber("endpoints", all);
                json.WriteNumber("ready", ready);
            },
        };
    }

    private async Task<(string Text, string Fix)> NoEndpointsAsync(ServiceObject? service, CancellationToken ct)
    {
        const string Empty = "no endpoints: the slices of the Service are empty";
        if (service?.Selector is not { } selector)
        {
            return (Empty, "start pods of the Service, or correct what writes its slices");
        }

        var pods = await ListAsync(
            ObjectKinds.Pods, new ResourceSelection { Namespace = _name.Namespace, LabelSelector = selector }, ct).ConfigureAwait(false);
        return pods switch
        {
            null => ($"{Empty}; its selector is {selector}",
                $"check whether pods match: kubectl get pods -n {_name.Namespace} -l {selector}"),
            { Items.Length: 0 } => ($"no endpoints: no pod in namespace {_name.Namespace} matches the selector {selector}",
                "start pods with these labels, or correct the selector of the Service"),
            _ => ($"no endpoints, although {HumanFormat.Count(pods.Items.Length, "pod")} " +
                $"match{(pods.Items.Length == 1 ? "es" : "")} the selector {selector}: none has an address yet, or all have ended",
                $"see why: rxkube tree {_name.Name} -n {_name.Namespace}"),
        };
    }

    private static Check Ports(ServiceTopology topology, WatchEvent<EndpointSlice>.Listed list, ServiceObject? service)
    {
        // An empty slice has no ports: the controller takes them from the pods.
        var used = list.Items.Where(slice => slice.Endpoints.Count > 0).ToList();
        var ports = topology.Ports;
        var text = ports.IsEmpty ? "none" : string.Join(", ", ports.Take(20).Select(EndpointFormat.Port));
        var wanted = (service?.Spec?.Ports ?? []).OfType<ServiceObjectPort>().ToList();
        var lacking = wanted.Find(port => used.Count > 0 && !used.Exists(slice =>
            slice.Ports.Any(p => p.Name == (port.Name ?? "") && p.Protocol == (port.Protocol ?? "TCP"))));
        return lacking is not null
            ? new("ports", CheckState.Problem,
                $"no endpoint has the port {ServiceText.Port(lacking)} of the Service; ports of the endpoints: {text}",
                "give the container a port of that name, or correct targetPort of the Service")
            : ports.IsEmpty && used.Count > 0 && wanted.Count == 0
                ? new("ports", CheckState.Ok, "none: clients must know the port")
                : new("ports", CheckState.Ok, text);
    }
}
