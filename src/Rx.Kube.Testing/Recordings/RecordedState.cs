using System.Collections.Immutable;

namespace Rx.Kube.Testing;

/// <summary>The recorded state at a time.</summary>
internal static class RecordedState
{
    /// <summary>Applies the changes since the last list.</summary>
    /// <param name="lines">The lines; one of them is a list at the time or before.</param>
    /// <param name="time">The time; lines at this time count.</param>
    /// <param name="decoder">Decodes the objects.</param>
    /// <returns>The state, as a list.</returns>
    public static WatchEvent<T>.Listed At<T>(ImmutableArray<RecordedLine> lines, TimeSpan time, RecordedDecoder<T> decoder)
    {
        var objects = new Dictionary<(string, string), ReadOnlyMemory<byte>>();
        var skipped = new Dictionary<(string, string), SkippedObject>();
        var version = "";
        var count = lines.TakeWhile(line => line.At <= time).Count();
        for (var i = Enumerable.Range(0, count).Last(at => lines[at] is RecordedLine.List); i < count; i++)
        {
            version = lines[i].VersionReached ?? version;
            switch (lines[i])
            {
                case RecordedLine.List list:
                    foreach (var (json, number) in list.Items.Select((json, number) => (json, number)))
                    {
                        // An item without a name is skipped, and is no other item.
                        objects[KeyOf(json) is { Item2.Length: > 0 } key ? key : ("", $"\n{number}")] = json;
                    }

                    foreach (var (one, number) in list.SkippedItems.Select((one, number) => (one, number)))
                    {
                        skipped[one.Name.Length > 0 ? (one.Namespace, one.Name) : ("", $"\n{number}")] = one;
                    }

                    break;
                case RecordedLine.Change change:
                    var changed = KeyOf(change.Object);
                    skipped.Remove(changed);
                    objects.Remove(changed);
                    if (change.Type != RecordingFormat.Deleted)
                    {
                        objects.Add(changed, change.Object);
                    }

                    break;
                case RecordedLine.Skipped one:
                    objects.Remove((one.Object.Namespace, one.Object.Name));
                    skipped.Remove((one.Object.Namespace, one.Object.Name));
                    if (!one.IsDeletion)
                    {
                        skipped.Add((one.Object.Namespace, one.Object.Name), one.Object);
                    }

                    break;
            }
        }

        return (WatchEvent<T>.Listed)decoder.Event(new RecordedLine.List(
            time, version, [.. objects.Values], [.. skipped.Values], Continuity.First))!;
    }

    private static (string Namespace, string Name) KeyOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            var its = RawMetadata.Read(json.Span);
            return (its.Namespace, its.Name);
        }
        catch (System.Text.Json.JsonException)
        {
            return ("", "");
        }
    }
}
