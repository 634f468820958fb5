using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Pages of lists in protobuf: every item is decoded or reported as skipped, whatever the pieces in which the page arrives.
/// </summary>
internal sealed class ProtobufListTarget<T>(
    string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write)
    : Target(name, weight)
    where T : class, IResource
{
    private readonly EventDecoder<T> _decoder = new(
        ProtobufWireFormat.Instance, kind.Protobuf!.CreateDecoder(), kind.ToString(), OutsideText.Unowned, kind.MetadataOf);

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var items = new List<T>();
        for (var i = dice.Below(dice.OneIn(30) ? 20 : 4); i > 0; i--)
        {
            items.Add(draw(dice));
        }

        var page = new ListPage(Words.Version(dice), dice.OneIn(2) ? "" : Words.Any(dice));
        var list = Doc.Map().With("1", Docs.Vary(Doc.Map().With("2", page.ResourceVersion).With("3", page.Continue), dice))
            .With("2", Doc.List(items.Select(item => write(item, dice))));
        return (ProtobufDocs.Envelope("XList", Docs.Vary(list, dice)), new Read(page, items, 0, ""));
    }

    public override byte[] Write(Doc document, Dice dice) => new DocProtobuf(dice).Message(document);

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var isLimited = dice.OneIn(10);
        var limits = isLimited
            ? new WireLimits { MaxObjectBytes = 1 + dice.Below(1000), MaxPageBytes = 1 + dice.Below(4000) }
            : WireLimits.Default;
        var (read, again) = (ReadPage(input, limits, null), ReadPage(input, limits, dice));
        if (isLimited)
        {
            // Which of two limits is noticed first depends on the pieces.
            RequireEqual(read.End.Length == 0, again.End.Length == 0, "the end of a limited list");
            return;
        }

        if (meaning is Read expected)
        {
            RequireEqual("", read.End, "the end of a valid list");
            Require(read.Skipped == 0 && read.Page == expected.Page, () => $"a valid list is read as another one: {read} for {expected}");
            Require(read.Items.SequenceEqual(expected.Items), "the items of a valid list are read as others");
        }

        RequireEqual((read.Page, read.Skipped, read.End), (again.Page, again.Skipped, again.End), "the list in other pieces");
        Require(read.Items.SequenceEqual(again.Items), "in other pieces, the items are others");
    }

    private Read ReadPage(byte[] input, WireLimits limits, Dice? dice)
    {
        var (items, skipped) = (new List<T>(), 0);
        try
        {
            var page = ProtobufWireFormat.Instance.ReadListAsync(
                new Pieces(input, dice), limits, OnItem, CancellationToken.None).GetAwaiter().GetResult();
            return new(page, items, skipped, "");
        }
        catch (KubeException e) when (e is KubeProtocolException or KubeTransportException)
        {
            return new(default, items, skipped, $"{e.GetType().Name}: {e.Message}");
        }

        void OnItem(ReadOnlySpan<byte> data)
        {
            if (_decoder.TryDecodeItem(data, out var item, out var reason))
            {
                items.Add(item);
            }
            else
            {
                skipped++;
                Require(reason.Reason.Length > 0, "an item is skipped without a reason");
            }
        }
    }

    private sealed record Read(ListPage Page, IReadOnlyList<T> Items, int Skipped, string End);
}
