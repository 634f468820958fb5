using System.Reactive;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>
/// Bodies of watches in one format: every event is decoded, reported as skipped, or the error that ends the watch, whatever the pieces in
/// which the body arrives.
/// </summary>
internal abstract class WatchTarget<T>(
    string name, int weight, EventDecoder<T> decoder, Func<Dice, T> draw, Func<T, Dice?, Doc> write,
    Action<IReadOnlyList<WatchEvent<T>>> fold)
    : Target(name, weight)
    where T : class, IResource
{

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (events, meaning) = (Doc.List(), new List<WatchEvent<T>>());
        for (var i = dice.Below(dice.OneIn(60) ? 20 : 3); i >= 0; i--)
        {
            events.Items.Add(Event(dice, meaning));
        }

        return (events, meaning);
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

    /// <summary>Writes the object of a bookmark.</summary>
    protected abstract Doc Bookmark(string version, bool endsInitialEvents);

    /// <summary>Writes an event.</summary>
    protected abstract Doc Envelope(string type, Doc item, Dice dice);

    /// <summary>Checks what a frame, whole or not, was read as.</summary>
    protected abstract void CheckFrame(bool isTaken, int events);

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
            meaning.Add(new WatchEvent<T>.Bookmark(version) { EndsInitialEvents = ends });
            return Envelope("BOOKMARK", Bookmark(version, ends), dice);
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

    private (List<WatchEvent<T>> Events, string End) Read(byte[] input, int maxEventBytes, Dice? dice)
    {
        var events = new List<WatchEvent<T>>();
        var observer = Observer.Create<WatchEvent<T>>(events.Add);
        try
        {
            decoder.Format.ReadWatchAsync(new Pieces(input, dice), maxEventBytes, OnFrame, CancellationToken.None)
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
            var isTaken = decoder.DecodeEvents(frame, observer);
            CheckFrame(isTaken, events.Count - before);
            return isTaken;
        }
    }
}
