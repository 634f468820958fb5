using System.CommandLine;
using System.CommandLine.Completions;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Completing;

/// <summary>
/// Completes what the kubeconfig and the cluster know: contexts, clusters and users; namespaces, and Services that have slices. A shell
/// waits for the answer, so it has a short time; what cannot be known is no answer, and no error.
/// </summary>
/// <param name="host">The clock.</param>
/// <param name="open">Opens the connection.</param>
internal sealed class ClusterNames(CliHost host, OpenSource open)
{
    /// <summary>The most time of an answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The most names of an answer.</summary>
    private const int Most = 1000;

    /// <summary>Completes the options and arguments of all commands.</summary>
    /// <param name="root">The command with all commands.</param>
    /// <param name="host">The clock.</param>
    /// <param name="open">Opens the connection.</param>
    public static void AddTo(RootCommand root, CliHost host, OpenSource open)
    {
        var names = new ClusterNames(host, open);
        foreach (var command in root.Subcommands.Where(c => c.Options.Any(o => o.Name == "--kubeconfig")))
        {
            // The user of rbac is another one: who gets the permission.
            foreach (var kind in Find("--cluster") is null ? ["context"] : new[] { "context", "cluster", "user" })
            {
                Find("--" + kind)?.CompletionSources.Add(context => Items(names.OfKubeconfig(kind, context)));
            }

            Find("--namespace")?.CompletionSources.Add(context => Items(names.OfCluster(context, Namespaces)));
            command.Arguments.FirstOrDefault(a => a.Name == "SERVICE")?.CompletionSources
                .Add(context => Items(names.OfCluster(context, Services)));

            Option? Find(string name) => command.Options.FirstOrDefault(o => o.Name == name);
        }
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> names) =>
        names.Where(IsPlain).Distinct(StringComparer.Ordinal).Take(Most).Select(name => new CompletionItem(name));

    // A shell inserts a name as it is: one that it would not take as a single word is left out.
    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '@' or '/' or '+');

    private static IObservable<IEnumerable<string>> Namespaces(KubeConnection connection, string @namespace) =>
        connection.Resources(ObjectKinds.Namespaces, new() { Limits = WatchSources.Limits }).List()
            .Select(list => list.Items.Select(item => item.Metadata.Name));

    private static IObservable<IEnumerable<string>> Services(KubeConnection connection, string @namespace) =>
        connection.EndpointSlices(@namespace, limits: WatchSources.Limits).List().Select(list => list.Items
            .Select(slice => slice.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel)).OfType<string>());

    private IReadOnlyList<string> OfKubeconfig(string kind, CompletionContext context) => Quietly(() => Task.Run(() =>
    {
        var files = KubeconfigFiles.Find(WatchSources.OptionsOf(SettingsOf(context), host.Scheduler));
        return (IReadOnlyList<string>)[.. new MergedKubeconfig(files.Existing, ConnectionLimits.Default).Names(kind)];
    }));

    private IReadOnlyList<string> OfCluster(
        CompletionContext context, Func<KubeConnection, string, IObservable<IEnumerable<string>>> list) => Quietly(async () =>
    {
        var settings = SettingsOf(context);
        var source = await open(settings, host.Scheduler, _ => { }).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        return source.Connection is not { } connection ? []
            : [.. await list(connection, settings.Namespace ?? connection.Namespace).ToTask().ConfigureAwait(false)];
    });

    private static WatchSettings SettingsOf(CompletionContext context)
    {
        var parsed = context.ParseResult;
        return new("")
        {
            Namespace = Value("--namespace"),
            Kubeconfig = Value("--kubeconfig"),
            Context = Value("--context"),
            Cluster = Value("--cluster"),
            User = Value("--user"),
            As = Value("--as"),
            Demo = parsed.CommandResult.Command.Options.FirstOrDefault(o => o.Name == "--demo") is { } demo &&
                parsed.GetResult(demo) is { Implicit: false },
        };

        // The tokens: a value that is still typed, or is wrong, is no error here.
        string? Value(string name) => parsed.CommandResult.Command.Options.FirstOrDefault(o => o.Name == name) is { } option &&
            parsed.GetResult(option) is { Tokens: [.., { Value: { Length: > 0 } value }] } ? value : null;
    }

    private IReadOnlyList<string> Quietly(Func<Task<IReadOnlyList<string>>> ask)
    {
        try
        {
            return Observable.FromAsync(ask).Timeout(Limit, Observable.Return<IReadOnlyList<string>>([]), host.Scheduler).Wait();
        }
        catch (Exception)
        {
            return []; // a prompt of a shell is no place for an error
        }
    }
}
