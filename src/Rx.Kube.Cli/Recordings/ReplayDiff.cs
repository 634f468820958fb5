using System.Reactive.Linq;
using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Compares the last rings of two recordings.</summary>
internal static class ReplayDiff
{
    /// <summary>Prints the difference.</summary>
    /// <param name="one">A recording.</param>
    /// <param name="other">Another one.</param>
    /// <param name="settings">The time, the layout of the rings and the output.</param>
    /// <param name="host">The terminal.</param>
    /// <returns>Zero if the rings are equal, one if they differ.</returns>
    /// <exception cref="UsageException">A recording has no ring.</exception>
    public static int Run(RecordedService one, RecordedService other, ReplaySettings settings, CliHost host)
    {
        if (one.Recording.Header.IsAnonymized || other.Recording.Header.IsAnonymized)
        {
            host.Error.WriteLine("rxkube: the names of an anonymized recording are pseudonyms: its ring places keys differently");
        }

        var (before, after) = (Last(one, settings), Last(other, settings));
        var ring = new RingSettings(new WatchSettings(other.Service.Name), settings.Replicas, settings.Tokens, settings.Self);
        var change = RingChange.Of(after.Ring!, before.Ring, ring);
        var isEqual = before.Ring!.Fingerprint == after.Ring!.Fingerprint;
        if (settings.Output == OutputFormat.Json)
        {
            OutputBlock.Json(json => Write(json, (one, before), (other, after), change, isEqual))
                .Through(settings.Template).WriteTo(host.Out);
        }
        else
        {
            var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;
            var lines = Lines((one, before), (other, after), change, isEqual).WrapFor(host, indent: 2);
            OutputBlock.Lines(lines.Select(printer.Print)).WriteTo(host.Out);
        }

        return isEqual ? ExitCode.Stopped : ExitCode.Failed;
    }

    private static RingSnapshot Last(RecordedService recording, ReplaySettings settings)
    {
        var until = recording.Time("--until", settings.Until, recording.Recording.Duration);
        var frames = ReplayFrame.Of(recording, until, until, settings.Hold);
        return frames is [{ Snapshot: { Freshness.IsSynced: true } snapshot }]
            ? Observable.Return(snapshot).WithRings(RingLayout.Native(settings.Tokens)).Wait()
            : throw new UsageException($"{recording.File} has no complete list before that time, so there is no ring.");
    }

    private static IEnumerable<Line> Lines(
        (RecordedService File, RingSnapshot Ring) one, (RecordedService File, RingSnapshot Ring) other, RingChange change, bool isEqual)
    {
        foreach (var (sign, style, (file, ring)) in new[] { ('-', Palette.Bad, one), ('+', Palette.Added, other) })
        {
            yield return new Line().Add($"{sign} ", style).Add(TerminalText.Escape(file.File, 1000), style)
                .Add($": version {EndpointFormat.Name(ring.Topology.Version)}, {RingFormat.Summary(ring.Topology, ring.Ring!)}");
        }

        yield return isEqual
            ? new Line().Add("= ", Palette.Good).Add("the rings are equal", Palette.Good)
            : new Line().Add("~ ", Palette.Updated).Add(RingFormat.Membership(change, Glyphs.Ascii.Arrow), Palette.Updated)
                .Add("; ").Add(RingFormat.Moved(change)).Add(RingFormat.Self(change, other.Ring.Ring!));
    }

    private static void Write(
        Utf8JsonWriter json, (RecordedService File, RingSnapshot Ring) one, (RecordedService File, RingSnapshot Ring) other,
        RingChange change, bool isEqual)
    {
        json.WriteBoolean("equal", isEqual);
        foreach (var (name, (file, ring)) in new[] { ("before", one), ("after", other) })
        {
            json.WriteStartObject(name);
            json.WriteString("file", file.File);
            JsonLines.WriteState(json, ring.Topology);
            json.WriteString("fingerprint", RingJson.Hash(ring.Ring!.Fingerprint));
            json.WriteNumber("members", ring.Ring.Members.Length);
            json.WriteEndObject();
        }

        Write(json, "joined", change.Joined);
        Write(json, "left", change.Left);
        json.WriteNumber("moved", change.Diff.MovedFraction);
        json.WriteNumber("ideal", change.Diff.IdealFraction);
        json.WriteNumber("needless", change.Diff.NeedlessFraction);
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<RingMember> members)
    {
        json.WriteStartArray(name);
        foreach (var member in members)
        {
            json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
    }
}
