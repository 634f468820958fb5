using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Pages of lists in JSON.</summary>
internal sealed class JsonListTarget<T>(string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write)
    : ListTarget<T>(name, weight, Decoders.Json(kind), draw)
    where T : class, IResource
{
    protected override bool FindsTheSameLimit => true;

    public override byte[] Write(Doc document, Dice dice) => new DocText(dice, dice.OneIn(4)).Add(document).ToArray();

    protected override Doc Page(ListPage page, IReadOnlyList<T> items, Dice dice)
    {
        var metadata = Doc.Map().With("resourceVersion", page.ResourceVersion);
        metadata = page.Continue.Length > 0 || dice.OneIn(2) ? metadata.With("continue", page.Continue) : metadata;
        var list = Doc.Map().With("kind", "List").With("metadata", Docs.Vary(metadata, dice))
            .With("items", items.Count == 0 && dice.OneIn(2) ? Doc.Null() : Doc.List(items.Select(item => write(item, dice))));
        return Docs.Vary(list, dice);
    }
}
