using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Implements <c>rxkube agree</c>.</summary>
internal static class AgreeCommand
{
    // Each Service that differs takes --settle, and has a watch of its own meanwhile.
    private const int MostAtOnce = 20;

    private static readonly TimeSpan _betweenQuestions = TimeSpan.FromSeconds(1);

    /// <summary>Asks the processes, compares them with the API server, and prints who is behind and who disagrees.</summary>
    /// <param name="settings">The processes and the connection.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code: 0 if all agree, 1 if not, 3 if the API server cannot be asked.</returns>
    public static async Task<int> RunAsync(AgreeSettings settings, CliHost host, OpenSource open)
    {
        using var diagnostics = new Diagnostics(host.Error, screen: null);
        using var client = new ProcessClient(host.Http(), settings.Headers);
        var report = await Observable.FromAsync(ct => ReportAsync(settings, host, open, client, diagnostics, ct))
            .TakeUntil(host.Stop.Merge(host.OutputClosed)).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
        if (report is null)
        {
            return ExitCode.Failed; // stopped: it is not known that all agree
        }

        var printer = host.UsesColor(settings.Watch.Color) ? LinePrinter.Colored : LinePrinter.Plain;
        var block = settings.Watch.Output == OutputFormat.Json
            ? AgreeJson.Block(report)
            : OutputBlock.Lines(AgreeText.Lines(report, host).Select(printer.Print));
        block.Through(settings.Watch.Template).WriteTo(host.Out);
        foreach (var service in report.Services)
        {
            if (service.Failure is { } failure)
            {
                await host.Error.WriteLineAsync(ErrorMessages.Explain(failure)).ConfigureAwait(false);
            }
        }

        return report.Services.Any(s => s.Failure is not null) ? ExitCode.Cluster
            : report.IsAgreed ? ExitCode.Stopped : ExitCode.Failed;
    }

    private static async Task<AgreeReport> ReportAsync(
        AgreeSettings settings, CliHost host, OpenSource open, ProcessClient client, Diagnostics diagnostics, CancellationToken ct)
    {
        var answers = await AskAsync(settings.Processes, settings, host, client, ct).ConfigureAwait(false);
        var services = await answers.SelectMany(a => a.Beliefs).Select(b => b.Service).Distinct()
            .Select(service => Observable.FromAsync(
                token => OfServiceAsync(service, answers, settings, host, open, client, diagnostics, token)))
            .Merge(MostAtOnce).ToList().RunAsync(ct);
        return new(
            [.. services.OrderBy(s => s.Service.ToString(), StringComparer.Ordinal)], [.. answers.Where(a => a.Error is not null)]);
    }

    private static async Task<ServiceReport> OfServiceAsync(
        ServiceName service, IReadOnlyList<ProcessAnswer> answers, AgreeSettings settings, CliHost host, OpenSource open,
        ProcessClient client, Diagnostics diagnostics, CancellationToken ct)
    {
        try
        {
            var watch = settings.Watch with { Service = service.Name, Namespace = service.Namespace };
            var source = await open.Within(watch, host.Scheduler, diagnostics.Notice).ToTask(ct).ConfigureAwait(false);
            await using var closing = source.ConfigureAwait(false);
            var server = new ServerHistory();
            var synced = source.Snapshots.FirstSyncWithin(watch.Timeout, host.Scheduler, source.Late)
                .Where(s => s.Freshness.IsSynced)
                .Do(s => server.Add(host.Scheduler.Now, s))
                .Publish();
            var first = synced.FirstAsync().RunAsync(ct);
            using var watching = synced.Connect();
            await first;
            var verdicts = await SettledAsync(service, answers, server, settings, host, client, ct).ConfigureAwait(false);
            return new(service, verdicts) { Server = server.Latest };
        }
        catch (Exception e) when (ErrorMessages.Explain(e) is not null)
        {
            return new(service, Comparison.WithNewest(Of(service, answers))) { Failure = e };
        }
    }

    // What is on its way is no disagreement: who differs is asked again for a while.
    private static async Task<IReadOnlyList<Verdict>> SettledAsync(
        ServiceName service, IReadOnlyList<ProcessAnswer> answers, ServerHistory server, AgreeSettings settings, CliHost host,
        ProcessClient client, CancellationToken ct)
    {
        var start = host.Scheduler.Now;
        while (true)
        {
            var verdicts = Comparison.WithServer(Of(service, answers), server, host.Scheduler.Now);
            var differing = verdicts.Where(v => v.State != Agreement.Agrees).Select(v => v.Process).ToHashSet();
            if (differing.Count == 0 || host.Scheduler.Now - start >= settings.Settle)
            {
                return verdicts;
            }

            await Observable.Timer(_betweenQuestions, host.Scheduler).RunAsync(ct);
            var again = await AskAsync([.. differing], settings, host, client, ct).ConfigureAwait(false);
            var told = again.Where(a => a.Error is null).ToDictionary(a => a.Process);
            answers = [.. answers.Select(a => told.GetValueOrDefault(a.Process, a))];
        }
    }

    private static List<(Uri Process, Belief Belief)> Of(ServiceName service, IReadOnlyList<ProcessAnswer> answers) =>
        [.. answers.SelectMany(a => a.Beliefs.Where(b => b.Service == service).Select(b => (a.Process, b)))];

    private static async Task<IReadOnlyList<ProcessAnswer>> AskAsync(
        IReadOnlyList<Uri> processes, AgreeSettings settings, CliHost host, ProcessClient client, CancellationToken ct)
    {
        var limit = settings.Watch.Timeout;
        var asked = processes.Select(process =>
        {
            var answer = Observable.FromAsync(token => client.AskAsync(process, token));
            var late = Observable.Return(new ProcessAnswer(process, [], $"no answer within {HumanFormat.Span(limit)} (--timeout)"));
            return limit == TimeSpan.Zero ? answer : answer.Timeout(limit, late, host.Scheduler);
        });
        return [.. await asked.CombineLatest().FirstAsync().RunAsync(ct)];
    }
}
