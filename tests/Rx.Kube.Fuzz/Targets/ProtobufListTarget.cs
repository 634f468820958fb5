using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Pages of lists in protobuf.</summary>
internal sealed class ProtobufListTarget<T>(
    string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write)
    : ListTarget<T>(name, weight, Decoders.Protobuf(kind), draw)
    where T : class, IResource
{
    protected override bool FindsTheSameLimit => false; // the length of an item is known before its bytes

    public override byte[] Write(Doc document, Dice dice) => new DocProtobuf(dice).Message(document);

    protected override Doc Page(ListPage page, IReadOnlyList<T> items, Dice dice)
    {
        var list = Doc.Map().With("1", Docs.Vary(Doc.Map().With("2", page.ResourceVersion).With("3", page.Continue), dice))
            .With("2", Doc.List(items.Select(item => write(item, dice))));
        return ProtobufDocs.Envelope("XList", Docs.Vary(list, dice));
    }
}
