using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;

namespace Rx.Kube.Testing;

/// <summary>
/// What the scripted servers of a clock have to say when an expectation on that clock fails: a request that nobody answers is silence,
/// and silence is the hardest failure to read.
/// </summary>
internal static class ScriptNotes
{
    private static readonly ConditionalWeakTable<VirtualTimeScheduler<long, long>, List<Func<string>>> _notes = [];

    /// <summary>Adds a server to those of its clock.</summary>
    public static void Add(VirtualTimeScheduler<long, long> scheduler, Func<string> note) => _notes.GetOrCreateValue(scheduler).Add(note);

    /// <summary>The notes of all servers, each on lines of its own; empty if there is nothing to say.</summary>
    public static string Of(VirtualTimeScheduler<long, long> scheduler) =>
        _notes.TryGetValue(scheduler, out var notes) ? string.Concat(notes.Select(note => note())) : "";

    /// <summary>The note of one server.</summary>
    public static string Note(string name, IEnumerable<string> unanswered, IEnumerable<string> left) =>
        Line($"{name} has no answer for: ", unanswered) + Line($"{name} was not asked for: ", left);

    /// <summary>Checks that exactly this was asked, in this order.</summary>
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
