using System.Text.Json;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Objects of one kind. An object is decoded or is a <see cref="JsonException"/>; it means what was written, and can be written again.
/// </summary>
internal sealed class ObjectTarget<T>(
    string name, int weight, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write, Func<T, T, bool> same)
    : Target(name, weight)
    where T : class, IResource
{
    private readonly ObjectDecoder<T> _decode = kind.CreateDecoder();

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var item = draw(dice);
        return (write(item, dice), item);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText(dice).Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        T item;
        try
        {
            item = _decode(input);
        }
        catch (JsonException e)
        {
            Require(meaning is null, () => $"a valid object is rejected: {e.Message}");
            return;
        }

        Require(meaning is not T expected || same(item, expected), () => $"a valid object is read as another one: {item} for {meaning}");
        Require(same(item, _decode(input)), "an object that is read twice is two objects");
        var again = Beside(() => DocText.Of(write(item, null)));
        Require(same(item, _decode(again)), "an object that is written again is another one");
    }
}
