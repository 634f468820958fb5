using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Pages of lists in one format: every item is decoded or reported as skipped, whatever the pieces in which the page arrives.
/// </summary>
internal abstract class ListTarget<T>(string name, int weight, EventDecoder<T> decoder, Func<Dice, T> draw)
    : Target(name, weight)
    where T : class, IResource
{
    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var items = new List<T>();
        for (var i = dice.Below(dice.OneIn(30) ? 20 : 4); i > 0; i--)
        {
            items.Add(draw(dice));
        }

        var page = new ListPage(Words.Version(dice), dice.OneIn(2) ? "" : Words.Any(dice));
        return (Page(page, items, dice), new Read(page, items, 0, ""));
    }

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var isLimited = dice.OneIn(10);
        var limits = isLimited
            ? new WireLimits { MaxObjectBytes = 1 + dice.Below(1000), MaxPageBytes = 1 + dice.Below(4000) }
            : WireLimits.Default;
        Refused = 0;
        var read = ReadPage(input, limits, null);
        if (meaning is Read expected && !isLimited)
        {
            RequireEqual("", read.End, "the end of a valid list");
            Require(read.Skipped == 0 && read.Page == expected.Page, () => $"a valid list is read as another one: {read} for {expected}");
            Require(read.Items.SequenceEqual(expected.Items), "the items of a valid list are read as others");
        }

        var again = ReadPage(input, limits, dice);
        if (isLimited && !FindsTheSameLimit)
        {
            RequireEqual(read.End.Length == 0, again.End.Length == 0, "the end of a limited list");
            return;
        }

        RequireEqual((read.Page, read.Skipped, read.End), (again.Page, again.Skipped, again.End), "the list in other pieces");
        Require(read.Items.SequenceEqual(again.Items), "in other pieces, the items are others");
    }

    /// <summary>Gets whether the limit that is noticed first is the same whatever the pieces.</summary>
    protected abstract bool FindsTheSameLimit { get; }

    /// <summary>Writes a page.</summary>
    protected abstract Doc Page(ListPage page, IReadOnlyList<T> items, Dice dice);

    private Read ReadPage(byte[] input, WireLimits limits, Dice? dice)
    {
        var (items, skipped) = (new List<T>(), 0);
        try
        {
            var page = decoder.Format.ReadListAsync(
                new Pieces(input, dice), limits, OnItem, CancellationToken.None).GetAwaiter().GetResult();
            return new(page, items, skipped, "");
        }
        catch (KubeException e) when (e is KubeProtocolException or KubeTransportException)
        {
            return new(default, items, skipped, $"{e.GetType().Name}: {e.Message}");
        }

        void OnItem(ReadOnlySpan<byte> data)
        {
            if (decoder.TryDecodeItem(data, out var item, out var reason))
            {
                items.Add(item);
            }
            else
            {
                skipped++;
                Refused++;
                Require(reason.Reason.Length > 0, "an item is skipped without a reason");
            }
        }
    }

    private sealed record Read(ListPage Page, IReadOnlyList<T> Items, int Skipped, string End);
}
