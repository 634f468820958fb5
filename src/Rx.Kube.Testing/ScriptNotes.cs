using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing;

/// <summary>
/// The notes that the scripted servers of a clock add to a failed expectation on that clock: a request without an answer causes silence,
/// which is the failure that is hardest to diagnose.
/// </summary>
internal static class ScriptNotes
{
    private static readonly ConditionalWeakTable<VirtualTimeScheduler<long, long>, List<Func<string>>> _notes = [];

    /// <summary>Adds the note of a server to its clock.</summary>
    public static void Add(VirtualTimeScheduler<long, long> scheduler, Func<string> note) => _notes.GetOrCreateValue(scheduler).Add(note);

    /// <summary>Returns the notes of all servers, each on lines of its own; empty if there are none.</summary>
    public static string Of(VirtualTimeScheduler<long, long> scheduler) =>
        _notes.TryGetValue(scheduler, out var notes) ? string.Concat(notes.Select(note => note())) : "";

    /// <summary>Returns the note of one server.</summary>
    public static string Note(string name, IEnumerable<string> unanswered, IEnumerable<string> left) =>
        Line($"{name} has no answer for: ", unanswered) + Line($"{name} was not asked for: ", left);

    /// <summary>Checks that exactly these requests were made, in this order.</summary>
    public static void CheckAsked(string[] actual, string[] expected, string note)
    {
        if (actual.SequenceEqual(expected))
        {
            return;
        }

        var first = actual.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        string Side(string[] all) => first < all.Length ? all[first] : "nothing more";
        throw new MarbleAssertionException($"""
            Request {first + 1} differs: expected {Side(expected)}, but it was {Side(actual)}.
              expected: {string.Join(", ", expected)}
              actual:   {string.Join(", ", actual)}
            """ + note);
    }

    private static string Line(string what, IEnumerable<string> items) =>
        string.Join(", ", items) is { Length: > 0 } all ? $"{Environment.NewLine}{what}{all}" : "";
}
