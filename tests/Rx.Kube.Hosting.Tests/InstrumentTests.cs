using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Hosting.Tests;

/// <summary>Names, units and tags of all instruments are as OpenTelemetry asks, and as docs/telemetry.md has them.</summary>
public sealed class InstrumentTests
{
    [Fact]
    public async Task Each_instrument_has_a_unit_of_OpenTelemetry_and_the_tags_of_the_page()
    {
        var units = new ConcurrentDictionary<string, string>();
        var tags = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Rx.Kube")
            {
                units[instrument.Name] = instrument.Unit ?? "";
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, keys, _) => Add(instrument, keys));
        listener.SetMeasurementEventCallback<double>((instrument, _, keys, _) => Add(instrument, keys));
        listener.Start();
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Slice.Of("cache-abc", service: "cache", @namespace: "prod").With("cache-0", "10.0.0.1").Manifest());
        await using var app = await TestApplication.StartAsync(server.Url, builder => builder.AddKubeTopology("cache"));
        using var subscription = ((IObservable<ServiceTopology>)app.Services.GetService(typeof(IObservable<ServiceTopology>))!)
            .Subscribe(_ => throw new InvalidOperationException("the subscriber"));
        server.CloseWatches();
        await Eventually.TrueAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                return tags.ContainsKey("rxkube.watch.attempts") && tags.ContainsKey("rxkube.subscriber.faults");
            },
            "the measurements");

        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/telemetry.md"));
        var instruments = page[..page.IndexOf("## Activities", StringComparison.Ordinal)];
        var rows = Regex.Matches(
            instruments, @"^\| `((?:rxkube|k8s)\.[a-z._]+)` \|[^|]+\| ([^|]+) \|[^|]+\|(.+)\|$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => (Unit: row.Groups[2].Value, Tags: row.Groups[3].Value));
        Assert.Equal(rows.Keys.Order(), units.Keys.Order());
        Assert.All(units, unit =>
        {
            Assert.Matches("^(s|\\{[a-z]+\\})$", unit.Value);
            Assert.Equal(rows[unit.Key].Unit, unit.Value == "s" ? "seconds" : Plural(unit.Value.Trim('{', '}')));
            Assert.DoesNotContain("_total", unit.Key, StringComparison.Ordinal);
        });
        Assert.All(tags, of => Assert.All(of.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), key =>
            Assert.True(
                key == "rxkube.resource" || rows[of.Key].Tags.Contains($"`{key}`", StringComparison.Ordinal),
                $"{of.Key} has the tag {key}")));

        static string Plural(string unit) => unit.EndsWith('y') ? unit[..^1] + "ies" : unit + "s";

        void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> keys) =>
            tags[instrument.Name] = string.Join(' ', keys.ToArray().Select(key => key.Key));
    }
}
