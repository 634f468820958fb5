using System.Buffers.Binary;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Bodies of watches in protobuf.</summary>
internal sealed class ProtobufWatchTarget<T>(
    string name, int weight, string kindName, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write,
    Action<IReadOnlyList<WatchEvent<T>>> fold)
    : WatchTarget<T>(name, weight, Decoders.Protobuf(kind), draw, write, fold)
    where T : class, IResource
{
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

    protected override Doc Bookmark(string version, bool endsInitialEvents)
    {
        var metadata = Doc.Map().With("6", version);
        metadata = endsInitialEvents
            ? metadata.With("12", Doc.Map().With("1", "k8s.io/initial-events-end").With("2", "true"))
            : metadata;
        return Doc.Map().With("1", metadata);
    }

    protected override Doc Envelope(string type, Doc item, Dice dice) => Docs.Vary(
        Doc.Map().With("1", type).With("2", Doc.Map().With("1", ProtobufDocs.Envelope(kindName, item))), dice);

    protected override void CheckFrame(bool isTaken, int events) => Require(isTaken && events == 1, "a frame has not one event");
}
