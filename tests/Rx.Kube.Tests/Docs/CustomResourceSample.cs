// The C# of docs/custom-resources.md, compiled and run.
using System.Globalization;
using System.Reactive.Linq;
using System.Text.Json.Serialization;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

// <custom-resource-type>
public sealed record Widget : IResource
{
    public required ObjectMeta Metadata { get; init; }
    public required WidgetSpec Spec { get; init; }
}

public sealed record WidgetSpec(string Color, int Size);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,                 // a string that is null, and may not be, is an error …
    RespectRequiredConstructorParameters = true)]      // … and so is a field that is missing
[JsonSerializable(typeof(Widget))]
public sealed partial class WidgetJson : JsonSerializerContext;
// </custom-resource-type>
// <custom-resource-join>
public sealed record WidgetPods(ResourceStore<Widget> Widgets, ResourceStore<Pod> Pods) : ISnapshot
{
    public Freshness Freshness => Freshness.Worst(Widgets.Freshness, Pods.Freshness);
}
// </custom-resource-join>
public sealed class CustomResourceSampleTests
{
    [Fact]
    public async Task A_custom_resource_and_its_pods_are_watched()
    {
        await using var server = await ApiServerSimulator.StartAsync();

        // <custom-resource-simulator>
        server.Cluster.Declare("example.com/v1", "Widget", "widgets");
        server.Cluster.Apply("""
            {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "box", "namespace": "prod"},
             "spec": {"color": "red", "size": 2}}
            """);
        // </custom-resource-simulator>
        server.Cluster.Apply("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "box-0", "namespace": "prod", "labels": {"widget": "box"}}, "spec": {}}
            """);
        using var kube = KubeConnection.To(server.Url);
        var lines = new List<string>();
        using var printing = WidgetsOf(kube).Merge(ColorsOf(kube).Take(1)).Synchronize().Subscribe(line =>
        {
            lock (lines)
            {
                lines.Add(line);
            }
        });
        Assert.True(SpinWait.SpinUntil(() => Seen().Contains("box: box-0") && Seen().Contains("red: box"), TimeSpan.FromSeconds(10)));

        List<string> Seen()
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    [Fact]
    public async Task A_widget_that_lacks_a_field_is_skipped_with_the_reason()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Declare("example.com/v1", "Widget", "widgets");
        Apply("box", """{"color": "red", "size": 2}""");
        Apply("lid", """{"size": 2}""");
        Apply("top", """{"color": null, "size": 1}""");

        using var kube = KubeConnection.To(server.Url);
        var kind = new ResourceKind<Widget>("example.com", "v1", "widgets", WidgetJson.Default.Widget);
        var store = await kube.Resources(kind, new() { Namespace = "prod" }).Resume().ToStore().FirstSyncedAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["box"], store.Values.Select(w => w.Metadata.Name));
        Assert.Equal(["lid", "top"], store.Skipped.Select(s => s.Key.Name));
        Assert.All(store.Skipped, skipped => Assert.Contains("color", skipped.Reason, StringComparison.OrdinalIgnoreCase));

        void Apply(string name, string spec) => server.Cluster.Apply($$"""
            {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "{{name}}", "namespace": "prod"}, "spec": {{spec}} }
            """);
    }

    // <custom-resource-test>
    [Fact]
    public void A_widget_deleted_while_disconnected_disappears()
    {
        var clock = new VirtualClock();
        Widget Of(string name, int version) => new()
        {
            Metadata = new() { Name = name, Namespace = "prod", ResourceVersion = version.ToString(CultureInfo.InvariantCulture) },
            Spec = new("red", 1),
        };
        var events = new Dictionary<char, WatchEvent<Widget>>
        {
            ['l'] = WatchEvents.Listed("10", Of("box", 3), Of("lid", 4)),
            ['n'] = WatchEvents.Listed("30", Of("box", 3)),
        };
        var widgets = new ScriptedWatch<Widget>(clock, events)
        {
            Lists = ["(l|)", "2s (n|)"],                // the second list arrives after two seconds
            Connections = ["^ 9999ms #", "#gone", "^"], // the watch breaks; resuming it is answered with 410 Gone
        };

        var names = widgets.Resume(ResumeOptions.WithoutJitter, clock)
            .ToStore()
            .WhereSynced()
            .Select(store => string.Join(" ", store.Values.Select(w => w.Metadata.Name)))
            .DistinctUntilChanged();

        clock.Expect(names, "^ 1m !").ToBe("l 11999ms n", key => key == 'l' ? "box lid" : "box");
    }
    // </custom-resource-test>
    private static IObservable<string> ColorsOf(KubeConnection kube)
    {
        // <custom-resource-watch>
        var kind = new ResourceKind<Widget>("example.com", "v1", "widgets", WidgetJson.Default.Widget);
        var byColor = StoreIndex.By((Widget widget) => widget.Spec.Color);

        IObservable<ResourceStore<Widget>> widgets =
            kube.Resources(kind, new() { Namespace = "prod" })      // Role: list and watch widgets.example.com
                .Resume()
                .ToStore(byColor);

        return widgets.WhereSynced().SelectMany(store =>
            store.By(byColor).Select(group => $"{group.Key}: {string.Join(", ", group.Select(w => w.Metadata.Name))}")
                .Concat(store.Skipped.Select(skipped => $"cannot be decoded: {skipped}")));
        // </custom-resource-watch>
    }

    private static IObservable<string> WidgetsOf(KubeConnection kube)
    {
        var kind = new ResourceKind<Widget>("example.com", "v1", "widgets", WidgetJson.Default.Widget);
        var widgets = kube.Resources(kind, new() { Namespace = "prod" }).Resume().ToStore();

        // <custom-resource-join>
        var byWidget = StoreIndex.By((Pod pod) => pod.Metadata.Labels.GetValueOrDefault("widget"));
        var pods = kube.Pods("prod").Resume().ToStore(byWidget);

        return widgets.CombineLatest(pods, (w, p) => new WidgetPods(w, p))
            .WhereSynced()                                          // both lists have arrived
            .SelectMany(both => both.Widgets.Values.Select(widget =>
                $"{widget.Metadata.Name}: {string.Join(", ", both.Pods.By(byWidget)[widget.Metadata.Name].Select(p => p.Metadata.Name))}"));
        // </custom-resource-join>
    }
}
