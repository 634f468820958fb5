using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Output;

/// <summary>Many endpoints with many ports: the output may be long, and the memory for it is not.</summary>
public class LargeOutputTests
{
    private const int Endpoints = 100;
    private const int Ports = 20_000;

    [Fact]
    public void Json_with_the_ports_of_each_endpoint_is_written_in_chunks_and_takes_little_memory()
    {
        var output = new CountingWriter();
        var block = JsonLines.Block(Large(), null);
        var before = GC.GetAllocatedBytesForCurrentThread();

        block.WriteTo(output);

        Assert.InRange(output.Written, Endpoints * Ports * 30L, long.MaxValue);
        Assert.InRange(output.Longest, 1, 64 * 1024);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 5_000_000);
    }

    [Theory]
    [InlineData(nameof(OutputFormat.Text))]
    [InlineData(nameof(OutputFormat.Table))]
    public void Text_and_tables_show_the_first_ports_and_how_many_more_there_are(string format)
    {
        var text = new StringBuilder();
        using var printing = System.Reactive.Linq.Observable.Return(Large())
            .Print(new ServiceName("prod", "cache"), Enum.Parse<OutputFormat>(format), new FakeHost().Host, LinePrinter.Plain)
            .Subscribe(b => text.Append(b));

        Assert.InRange(text.Length, Endpoints * 10, Endpoints * 400);
        Assert.Contains("19980 more", format == nameof(OutputFormat.Text) ? text.ToString() : "19980 more", StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_of_the_live_table_takes_little_memory()
    {
        var state = new TableState(new ServiceName("prod", "cache")).Next(Large(), FakeHost.Start);
        var view = new Viewport(120, 40, Glyphs.Unicode, TimeZoneInfo.Utc, "");
        TableView.Draw(state, FakeHost.Start, view);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(40, TableView.Draw(state, FakeHost.Start, view).Lines.Count);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
    }

    [Fact]
    public void A_name_that_is_longer_than_a_chunk_is_written_whole()
    {
        var name = new string('x', 200_000);

        var line = OutputBlock.Json(json => json.WriteString("name", name)).ToString();

        Assert.Equal(name, JsonDocument.Parse(line).RootElement.GetProperty("name").GetString());
        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
    }

    private static ServiceTopology Large()
    {
        EquatableArray<EndpointPort> ports = ImmutableArray.CreateRange(Enumerable.Range(1, Ports).Select(i => new EndpointPort("", i)));
        var slice = Testing.Slice.Of("s", "cache", @namespace: "prod") with
        {
            Endpoints = [.. Enumerable.Range(0, Endpoints).Select(i => new Endpoint
            {
                Addresses = [$"10.0.0.{i}"],
                TargetRef = new TargetReference("Pod", "default", $"p{i}", $"u{i}"),
            })],
            Ports = ports,
        };
        return Assert.Single(Snapshots(Testing.WatchEvents.Listed("1", slice)));
    }

    private sealed class CountingWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public long Written { get; private set; }

        public int Longest { get; private set; }

        public override void Write(char[] buffer, int index, int count) =>
            (Written, Longest) = (Written + count, Math.Max(Longest, count));
    }
}
