// A custom resource and the Pods behind it: which Pods does each Widget have, and on which nodes do they run? Both stores have an index.
using System.Reactive.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rx.Kube;
using Rx.Kube.Models;
using Rx.Kube.Simulator;

await using var server = args.Contains("--demo") ? await ApiServerSimulator.StartAsync() : null;
using var kube = server is null ? KubeConnection.Default() : KubeConnection.To(server.Url);
server?.Cluster.Declare("example.com/v1", "Widget", "widgets"); // in a real cluster: its CustomResourceDefinition

var kind = new ResourceKind<Widget>("example.com", "v1", "widgets", WidgetJson.Default.Widget);
var byColor = StoreIndex.By((Widget widget) => widget.Spec.Color);
var byWidget = StoreIndex.By((Pod pod) => pod.Metadata.Labels.GetValueOrDefault("widget", ""));

var widgets = kube.Resources(kind, new ResourceSelection { Namespace = kube.Namespace })
    .Resume().ToStore(byColor).Where(s => s.Freshness.IsSynced);
var pods = kube.Resources(ResourceKinds.Pods, new ResourceSelection { Namespace = kube.Namespace, LabelSelector = "widget" })
    .Resume().ToStore(byWidget).Where(s => s.Freshness.IsSynced);
var reports = widgets.CombineLatest(pods, (w, p) => $"{w.Count} widgets" + string.Concat(w.By(byColor).OrderBy(color => color.Key)
    .Select(color => $"; {color.Key}: {string.Join(", ", color.Select(widget => Report(widget, p.By(byWidget))).Order())}")))
    .DistinctUntilChanged();

using var demo = server is null ? null : Observable.Interval(TimeSpan.FromMilliseconds(200)).Take(5).Subscribe(Change);
await reports.Catch((KubeException refused) => Observable.Return(refused.Message)) // retrying does not help
    .TakeUntil(report => server is not null && report.Contains("lid 2 of 2")).ForEachAsync(report => Console.WriteLine(report));

static string Report(Widget widget, ILookup<string, Pod> pods)
{
    var nodes = pods[widget.Metadata.Name].Where(pod => pod.Ready).Select(pod => pod.NodeName).ToArray();
    return $"{widget.Metadata.Name} {nodes.Length} of {widget.Spec.Size} on [{string.Join(' ', nodes.Distinct().Order())}]";
}

void Change(long step) => server.Cluster.Apply(step switch // the demo: two widgets, then their Pods
{
    0 => Manifest("example.com/v1", "Widget", "box", new { color = "red", size = 1 }),
    1 => Manifest("example.com/v1", "Widget", "lid", new { color = "blue", size = 2 }),
    _ => Manifest("v1", "Pod", $"pod-{step}", new { nodeName = $"node-{step}" }, step == 2 ? "box" : "lid"),
});

string Manifest(string apiVersion, string kind, string name, object spec, string widget = "") => JsonSerializer.Serialize(new
{
    apiVersion,
    kind,
    metadata = new { name, @namespace = kube.Namespace, labels = new { widget } },
    spec,
    status = new { phase = "Running", conditions = new[] { new { type = "Ready", status = "True" } } },
});

internal sealed record Widget(ObjectMeta Metadata, WidgetSpec Spec) : IResource;

internal sealed record WidgetSpec(string Color, int Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Widget))]
internal sealed partial class WidgetJson : JsonSerializerContext;
