using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Fuzz.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Objects of one kind in protobuf, with and without an envelope. An object is decoded or is a <see cref="ProtobufException"/>; it means
/// what was written, and can be written again. What reads a part of any object, or a Status, throws nothing.
/// </summary>
internal sealed class ProtobufObjectTarget<T>(
    string name, int weight, string kindName, ResourceKind<T> kind, Func<Dice, T> draw, Func<T, Dice?, Doc> write)
    : Target(name, weight)
    where T : class, IResource
{
    private readonly ObjectDecoder<T> _decode = kind.Protobuf!.CreateDecoder(WireLimits.Default);

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var item = draw(dice);
        var document = write(item, dice);
        return (dice.OneIn(2) ? document : ProtobufDocs.Envelope(kindName, document), item);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocProtobuf(dice).Message(document);

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        CheckParts(input, meaning as T);
        T item;
        try
        {
            item = _decode(input);
        }
        catch (ProtobufException e)
        {
            Require(meaning is null, () => $"a valid object is rejected: {e.Message}");
            Require(!e.Message.Any(char.IsControl), "an error has control characters");
            return;
        }

        Require(meaning is not T expected || Same(item, expected), () => $"a valid object is read as another one: {item} for {meaning}");
        Require(Same(item, _decode(input)), "an object that is read twice is two objects");
        var again = Beside(() => new DocProtobuf().Message(write(item, null)));
        Require(Same(item, _decode(again)), "an object that is written again is another one");
    }

    private static bool Same(T a, T b) => a.Equals(b) && a.Metadata == b.Metadata;

    private static void CheckParts(byte[] input, T? expected)
    {
        var format = ProtobufWireFormat.Instance;
        var identity = format.ReadIdentity(input);
        Require(
            expected is null || identity.ResourceVersion == expected.Metadata.ResourceVersion,
            "the version of a valid object is another one");
        Require(
            identity.ResourceVersion.Length == 0 || identity.ResourceVersion == format.ReadVersion(input),
            "the version of an object depends on what else is read");
        Require(!format.EndsInitialEvents(input) || expected is null, "an object ends the initial events");
        var (status, retryAfter) = format.ReadStatus(input, 500);
        Require(
            status.Code is >= 400 and <= 599 && status.Causes.Length <= KubeStatusReader.MaxCauses
            && !(retryAfter < TimeSpan.Zero) && !(retryAfter > KubeStatusReader.MaxRetryAfter),
            "a Status is out of its bounds");
    }
}
