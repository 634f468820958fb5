using System.Reactive;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Bodies of watches: every event is decoded, reported as skipped, or the error that ends the watch; whatever the pieces in which the body
/// arrives, and whether one event is on a line, several are, or one is on several lines.
/// </summary>
internal sealed class WatchTarget<T>(
    string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write,
    Action<IReadOnlyList<WatchEvent<T>>> fold)
    : Target(name, weight)
    where T : class, IResource
{
    private readonly EventDecoder<T> _decoder = new(
        JsonWireFormat.Instance, kind.CreateDecoder(), kind.ToString(), OutsideText.Unowned, kind.MetadataOf);

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (events, meaning) = (Doc.List(), new List<WatchEvent<T>>());
        for (var i = dice.Below(dice.OneIn(30) ? 20 : 3); i >= 0; i--)
        {
            events.Items.Add(Event(dice, meaning));
        }

        return (events, meaning);
    }

    public override byte[] Write(Doc document, Dice dice)
    {
        var lines = new DocText(dice, lines: dice.OneIn(5));
        var several = dice.OneIn(4);
        foreach (var one in document.Items)
        {
            // An event over several lines must not begin on the line of another one: DocText puts line ends into white space only.
            lines.Add(one).Add(several && dice.OneIn(2) && !lines.HasLines ? " " : dice.OneIn(4) ? "\r\n" : dice.OneIn(9) ? "\n \n" : "\n");
        }

        return lines.Add("\n").ToArray();
    }

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var isLimited = dice.OneIn(10);
        var maxEventBytes = isLimited ? 1 + dice.Below(2000) : WireLimits.Default.MaxObjectBytes;
        var (events, end) = Read(input, maxEventBytes, null);
        if (meaning is List<WatchEvent<T>> expected && !isLimited)
        {
            Require(end.Length == 0, () => $"a valid watch ends with {end}");
            Require(events.SequenceEqual(expected), () => $"a valid watch is read as another one: {Text(events)} for {Text(expected)}");
        }

        var (again, otherEnd) = Read(input, maxEventBytes, dice);
        Require(events.SequenceEqual(again), () => $"in other pieces, the events are others: {Text(again)} for {Text(events)}");
        RequireEqual(end, otherEnd, "the end of the watch in other pieces");
        if (dice.OneIn(20))
        {
            fold(events);
        }
    }

    private static string Text(List<WatchEvent<T>> events) => $"{events.Count} [{string.Join("; ", events)}]";

    private Doc Event(Dice dice, List<WatchEvent<T>> meaning)
    {
        var item = draw(dice);
        var version = item.Metadata.ResourceVersion;
        if (version.Length == 0)
        {
            return Event(dice, meaning);
        }

        if (dice.OneIn(12))
        {
            var ends = dice.OneIn(2);
            var metadata = Doc.Map().With("resourceVersion", version);
            metadata = ends ? metadata.With("annotations", Doc.Map().With("k8s.io/initial-events-end", "true")) : metadata;
            meaning.Add(new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = ends });
            return Envelope("BOOKMARK", Doc.Map().With("kind", "X").With("metadata", metadata), dice);
        }

        var type = dice.Of<string>(["ADDED", "MODIFIED", "DELETED"]);
        meaning.Add(type switch
        {
            "ADDED" => new WatchEvent<T>.Added(item, version),
            "MODIFIED" => new WatchEvent<T>.Modified(item, version),
            _ => new WatchEvent<T>.Deleted(item, version),
        });
        return Envelope(type, write(item, dice), dice);
    }

    private static Doc Envelope(string type, Doc item, Dice dice) => dice.OneIn(10)
        ? Doc.Map().With("object", item).With("type", type)
        : Doc.Map().With("type", type).With("object", item);

    private (List<WatchEvent<T>> Events, string End) Read(byte[] input, int maxEventBytes, Dice? dice)
    {
        var events = new List<WatchEvent<T>>();
        var observer = Observer.Create<WatchEvent<T>>(events.Add);
        try
        {
            JsonWireFormat.Instance.ReadWatchAsync(new Pieces(input, dice), maxEventBytes, OnFrame, CancellationToken.None)
                .GetAwaiter().GetResult();
            return (events, "");
        }
        catch (KubeException e) when (e is KubeProtocolException or KubeTransportException or KubeStatusException)
        {
            return (events, $"{e.GetType().Name}: {e.Message}");
        }

        bool OnFrame(ReadOnlySpan<byte> frame)
        {
            var before = events.Count;
            var isTaken = _decoder.DecodeEvents(frame, observer);
            Require(isTaken == events.Count > before, "a frame is taken without an event, or left with one");
            return isTaken;
        }
    }
}
