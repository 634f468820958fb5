using System.IO.Compression;
using System.Reactive;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Recordings: they are read, or refused with the one documented exception; a valid one has the events that were written. What was read can
/// be played as a stream and as a server, in virtual time.
/// </summary>
internal sealed class RecordingTarget() : Target("recording", 5)
{
    private static readonly ResumeOptions _options =
        ResumeOptions.WithoutJitter with { RefusalBackoff = new() { Max = TimeSpan.FromSeconds(5) } };

    // One decoder for all inputs, as the state of the other targets: what a decoder caches is no cost of an input.
    private readonly ResourceKind<EndpointSlice> _kind = new(
        ResourceKinds.EndpointSlices.Group, ResourceKinds.EndpointSlices.Version, ResourceKinds.EndpointSlices.Plural,
        ResourceKinds.EndpointSlices.CreateDecoder());

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (lines, meaning, at) = (Doc.List(Header(dice)), new List<WatchEvent<EndpointSlice>>(), 0L);
        for (var i = 1 + dice.Below(dice.OneIn(30) ? 20 : 4); i > 0; i--)
        {
            at += 1 + dice.Below(3);
            lines.Items.Add(Line(dice, meaning, Doc.Map().With("at", dice.OneIn(3) ? Doc.Raw($"{at}.0000001") : Doc.Of(at))));
        }

        return (lines, meaning);
    }

    public override byte[] Write(Doc document, Dice dice)
    {
        var text = new DocText(dice);
        foreach (var line in document.Items)
        {
            text.Add(line).Add(dice.OneIn(9) ? "\r\n" : "\n");
        }

        return dice.OneIn(6) ? Compressed(text.ToArray()) : text.ToArray();
    }

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var isLimited = dice.OneIn(10);
        var limits = isLimited
            ? new WireLimits
            {
                MaxObjectBytes = 1 + dice.Below(1000),
                MaxRetainedBytes = 1 + dice.Below(4000),
                MaxItems = 1 + dice.Below(3),
            }
            : new WireLimits { MaxRetainedBytes = 1 << 20 };
        Recording recording;
        try
        {
            recording = Recording.Read(new MemoryStream(input), limits);
        }
        catch (RecordingException e)
        {
            Require(meaning is null || isLimited, () => $"a valid recording is refused: {e.Message}");
            Require(!e.Message.Any(char.IsControl), () => $"a message has a control character: {e.Message}");
            return;
        }

        Require(recording.Warnings.All(w => !w.Any(char.IsControl)), "a warning has a control character");
        if (recording.Header is { Plural.Length: > 0 } header && (header.Plural != _kind.Plural || header.Group != _kind.Group))
        {
            return;
        }

        var events = recording.Events(_kind).ToList();
        if (meaning is List<WatchEvent<EndpointSlice>> expected)
        {
            Require(
                events.Select(e => e.Value.Value).SequenceEqual(expected),
                () => $"a valid recording is read as another one: {string.Join("; ", events)} for {string.Join("; ", expected)}");
        }

        if (dice.OneIn(8))
        {
            Play(recording, events.Exists(
                e => e.Value is { Kind: NotificationKind.OnNext, Value: WatchEvent<EndpointSlice>.Listed }));
        }
    }

    private void Play(Recording recording, bool isServer)
    {
        var clock = new VirtualClock();
        var end = recording.Duration + TimeSpan.FromSeconds(30);
        using var stream = recording.ToObservable(_kind, clock).ToClusterTopology().Subscribe(_ => { }, Known);
        using var server = isServer
            ? recording.ToWatchable(_kind, clock).Resume(_options, clock).ToClusterTopology().Subscribe(_ => { }, Known)
            : null;
        if (end < TimeSpan.FromMinutes(5))
        {
            clock.AdvanceBy(end.Ticks);
        }
    }

    private static void Known(Exception error) => Require(error is KubeException, () => $"a recording is played as {error}");

    private static Doc Header(Dice dice)
    {
        var resource = Doc.Map().With("group", "discovery.k8s.io").With("version", "v1").With("plural", "endpointslices");
        return Models.Docs.Vary(
            Doc.Map().With("format", "rxkube-recording").With("version", dice.OneIn(4) ? "1.7" : "1.0").With("resource", resource)
                .With("namespace", "default").With("started", "2026-11-27T03:04:05Z"),
            dice);
    }

    private static Doc Line(Dice dice, List<WatchEvent<EndpointSlice>> meaning, Doc line)
    {
        var version = $"{1 + dice.Below(1000)}";
        switch (dice.Below(10))
        {
            case 0:
                var items = new[] { Draw(dice), Draw(dice) }[..dice.Below(3)];
                meaning.Add(new WatchEvent<EndpointSlice>.Listed([.. items], version) { Continuity = Continuity.Relisted });
                return line.With("type", "LIST").With("continuity", dice.OneIn(2) ? "Relisted" : "NotKnownYet")
                    .With("object", Doc.Map().With("metadata", Doc.Map().With("resourceVersion", version))
                        .With("items", Doc.List(items.Select(item => Models.Docs.Of(item, dice)))));
            case 1:
                var at = DateTimeOffset.Parse("2026-11-27T03:04:05Z", System.Globalization.CultureInfo.InvariantCulture);
                meaning.Add(new WatchEvent<EndpointSlice>.Interrupted(new(
                    InterruptionKind.Silent, "quiet", at.AddSeconds(-1), at.AddSeconds(0.5), TimeSpan.FromSeconds(2))));
                return line.With("type", "GAP").With("cause", "Silent").With("message", "quiet").With("since", Doc.Raw("-1"))
                    .With("failed", Doc.Raw("0.5")).With("retryAfter", Doc.Raw("2.0"));
            case 2:
                meaning.Add(new WatchEvent<EndpointSlice>.Resumed());
                return line.With("type", "RESUMED").With("unknown", Doc.List(Doc.Map()));
            case 3:
                return line.With("type", dice.OneIn(2) ? "NOT_KNOWN_YET" : "MARK").With("text", Words.Any(dice));
            case 4:
                meaning.Add(new WatchEvent<EndpointSlice>.Bookmark(version));
                return line.With("type", "BOOKMARK")
                    .With("object", Doc.Map().With("metadata", Doc.Map().With("resourceVersion", version)));
            case 5:
                meaning.Add(new WatchEvent<EndpointSlice>.Skipped(new("default", "cache-a", version, "broken"), version)
                {
                    IsDeletion = true,
                });
                return line.With("type", "SKIPPED").With("reason", "broken").With("deletion", Doc.Of(true))
                    .With("object", Doc.Map().With("metadata", Doc.Map().With("namespace", "default").With("name", "cache-a")
                        .With("resourceVersion", version)));
            default:
                var slice = Draw(dice);
                var type = dice.Of<string>(["ADDED", "MODIFIED", "DELETED"]);
                meaning.Add(type switch
                {
                    "ADDED" => new WatchEvent<EndpointSlice>.Added(slice, version),
                    "MODIFIED" => new WatchEvent<EndpointSlice>.Modified(slice, version),
                    _ => new WatchEvent<EndpointSlice>.Deleted(slice, version),
                });
                return line.With("type", type).With("resourceVersion", version).With("object", Models.Docs.Of(slice, dice));
        }
    }

    // A long list is a tenth of its length when compressed. More than that is what a bomb has.
    public override int LengthOf(byte[] input)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(input), CompressionMode.Decompress);
            var text = new byte[16 * input.Length];
            return Math.Max(input.Length, gzip.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            return input.Length;
        }
    }

    private static EndpointSlice Draw(Dice dice) => Models.Draw.Slice(dice);

    private static byte[] Compressed(byte[] text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return bytes.ToArray();
    }
}
