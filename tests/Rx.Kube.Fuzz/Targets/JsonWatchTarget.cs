using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Bodies of watches in JSON, with one event on a line, several, or one on several lines.</summary>
internal sealed class JsonWatchTarget<T>(
    string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write,
    Action<IReadOnlyList<WatchEvent<T>>> fold)
    : WatchTarget<T>(name, weight, Decoders.Json(kind), draw, write, fold)
    where T : class, IResource
{
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

    protected override Doc Bookmark(string version, bool endsInitialEvents)
    {
        var metadata = Doc.Map().With("resourceVersion", version);
        metadata = endsInitialEvents
            ? metadata.With("annotations", Doc.Map().With("k8s.io/initial-events-end", "true"))
            : metadata;
        return Doc.Map().With("kind", "X").With("metadata", metadata);
    }

    protected override Doc Envelope(string type, Doc item, Dice dice) => dice.OneIn(10)
        ? Doc.Map().With("object", item).With("type", type)
        : Doc.Map().With("type", type).With("object", item);

    protected override void CheckFrame(bool isTaken, int events) =>
        Require(isTaken == events > 0, "a frame is taken without an event, or left with one");
}
