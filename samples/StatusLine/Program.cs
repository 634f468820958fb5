// One line that shows the members of a Service and how fresh that knowledge is, redrawn on change: until Ctrl+C, or for --for 3s.
using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

string Option(string name, string otherwise) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault(otherwise);
await using var server = args.Contains("--demo") ? await ApiServerSimulator.StartAsync() : null;
using var kube = server is null ? KubeConnection.Default() : KubeConnection.To(server.Url);
using var demo = server is null ? null : Observable.Interval(TimeSpan.FromMilliseconds(400)).Subscribe(Change);

var seconds = double.Parse(Option("--for", "0").TrimEnd('s'));
var stop = seconds > 0 ? Observable.Timer(TimeSpan.FromSeconds(seconds)).Select(_ => Unit.Default) : Observable.Never<Unit>();
var interrupted = Observable.FromEventPattern<ConsoleCancelEventHandler, ConsoleCancelEventArgs>(
    handler => Console.CancelKeyPress += handler, handler => Console.CancelKeyPress -= handler)
    .Do(key => key.EventArgs.Cancel = true).Select(_ => Unit.Default);

var lines = kube.EndpointSlices(kube.Namespace, Option("--service", "cache"))
    .Resume()
    .ToTopology()
    .Select(t => $"{t.Freshness}: {t.Presence}, {t.Ready.Count} of {t.Endpoints.Count} ready: {string.Join(' ', t.Members)}")
    .DistinctUntilChanged()
    .TakeUntil(stop.Merge(interrupted));
try
{
    // On a terminal the line replaces the one before, up to its width; in a pipe each is a line.
    await lines.ForEachAsync(line => Console.Write(Console.IsOutputRedirected ? line + "\n" : $"\r\e[2K{Shortened(line)}"));
    if (!Console.IsOutputRedirected) Console.WriteLine();
    return 0;
}
catch (KubeException error) // the first list was refused, and retrying does not help
{
    Console.Error.WriteLine(error.Message);
    return 3;
}

static string Shortened(string line) =>
    Console.WindowWidth is > 1 and var width && line.Length >= width ? line[..(width - 2)] + "…" : line;

void Change(long step) // the demo: members come and go, and for a moment the server cannot be reached
{
    var slice = Slice.Of("cache-abc", service: "cache", @namespace: kube.Namespace);
    for (var i = 0; i <= 1 + (step % 3); i++) slice = slice.With($"cache-{i}", $"10.0.0.{i + 1}", ready: i < 2 || step % 2 == 0);
    server.Cluster.Apply(slice.Manifest());
    server.Offline = step is >= 1 and <= 3;
}
