using System.Buffers.Binary;
using System.Reactive;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Bodies of watches in protobuf: every event is decoded, reported as skipped, or the error that ends the watch, whatever the pieces in
/// which the body arrives.
/// </summary>
internal sealed class ProtobufWatchTarget<T>(
    string name, int weight, string kindName, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write,
    Action<IReadOnlyList<WatchEvent<T>>> fold)
    : Target(name, weight)
    where T : class, IResource
{
    private readonly EventDecoder<T> _decoder = new(
        ProtobufWireFormat.Instance, kind.Protobuf!.CreateDecoder(), kind.ToString(), OutsideText.Unowned, kind.MetadataOf);

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
        var body = new MemoryStream();
        var length = new byte[4];
        foreach (var one in document.Items)
        {
            var frame = new DocProtobuf(dice).Message(one);
            BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
            body.Write(length);
            body.Write(frame);
        }

        return body.ToArray();
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
            var metadata = Doc.Map().With("6", version);
            metadata = ends ? metadata.With("12", Doc.Map().With("1", "k8s.io/initial-events-end").With("2", "true")) : metadata;
            meaning.Add(new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = ends });
            return Envelope("BOOKMARK", Doc.Map().With("1", metadata), dice);
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

    private Doc Envelope(string type, Doc item, Dice dice) => Docs.Vary(
        Doc.Map().With("1", type).With("2", Doc.Map().With("1", ProtobufDocs.Envelope(kindName, item))), dice);

    private (List<WatchEvent<T>> Events, string End) Read(byte[] input, int maxEventBytes, Dice? dice)
    {
        var events = new List<WatchEvent<T>>();
        var observer = Observer.Create<WatchEvent<T>>(events.Add);
        try
        {
            ProtobufWireFormat.Instance.ReadWatchAsync(new Pieces(input, dice), maxEventBytes, OnFrame, CancellationToken.None)
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
            Require(_decoder.DecodeEvents(frame, observer) && events.Count == before + 1, "a frame has not one event");
            return true;
        }
    }
}
