using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Compares recorded messages with a diagram, frame by frame, and describes the first difference.</summary>
internal sealed class MarbleComparison<T>
{
    /// <summary>The number of notifications that are drawn before the first difference, and from it on.</summary>
    private const int Around = 15;

    private readonly List<MarbleToken> _tokens;
    private readonly T[] _values;
    private readonly Exception?[] _errors;
    private readonly IEqualityComparer<T> _comparer;
    private readonly MarbleKeys<T> _keys;

    public MarbleComparison(string diagram, List<MarbleToken> tokens, MarbleValues<T> values, IEqualityComparer<T>? comparer)
    {
        (_tokens, _comparer, _keys) = (tokens, comparer ?? EqualityComparer<T>.Default, new(comparer));
        _values = new T[tokens.Count];
        _errors = new Exception?[tokens.Count];
        for (var i = 0; i < tokens.Count; i++)
        {
            _errors[i] = tokens[i].Kind == MarbleKind.Error ? values.Error(diagram, tokens[i]) : null;
            if (tokens[i].Kind == MarbleKind.Next)
            {
                _values[i] = values.Value(diagram, tokens[i]);
                _keys.Know(tokens[i].Key, _values[i]);
            }
        }
    }

    /// <param name="actual">The recorded messages.</param>
    /// <param name="note">What to add to the message when there is a difference.</param>
    /// <exception cref="MarbleAssertionException">There is a difference.</exception>
    public void Check(IReadOnlyList<Timed<Notification<T>>> actual, string note)
    {
        var same = 0;
        while (same < _tokens.Count && same < actual.Count && _tokens[same].Frame == actual[same].Frame && IsSame(same, actual[same].Value))
        {
            same++;
        }

        if (same < _tokens.Count || same < actual.Count)
        {
            throw new MarbleAssertionException(Tell(actual, same) + note);
        }
    }

    private bool IsSame(int i, Notification<T> actual) => (_tokens[i].Kind, actual.Kind) switch
    {
        (MarbleKind.Next, NotificationKind.OnNext) => _comparer.Equals(_values[i], actual.Value),
        (MarbleKind.Completed, NotificationKind.OnCompleted) => true,
        (MarbleKind.Error, NotificationKind.OnError) => _errors[i] is not { } expected || ReferenceEquals(expected, actual.Exception) ||
            (expected.GetType() == actual.Exception!.GetType() && expected.Message == actual.Exception.Message),
        _ => false,
    };

    private string Tell(IReadOnlyList<Timed<Notification<T>>> actual, int first)
    {
        var from = Math.Max(0, first - Around);
        List<MarbleToken> expected = [.. _tokens.Take(first + Around).Skip(from)];
        var drawn = _keys.Tokens(actual.Take(first + Around).Skip(from));
        for (var i = 0; i < drawn.Count && i < expected.Count; i++)
        {
            // An error that equals the expected one gets its name from the diagram.
            drawn[i] = IsSame(from + i, actual[from + i].Value) ? drawn[i] with { Name = expected[i].Name } : drawn[i];
        }

        var layout = MarbleLayout.Draw(expected, drawn);
        var (before, here) = (from == 0 ? "" : layout.Rows[0].StartsWith(' ') ? "…" : "… ", first - from);
        var frame = expected.Skip(here).Take(1).Concat(drawn.Skip(here).Take(1)).Min(t => t.Frame);
        string Row(int row, int count) => before + layout.Rows[row] + (count > first + Around ? " …" : "");
        return $"""
            {Words(actual, first)}
              expected: {Row(0, _tokens.Count)}
              actual:   {Row(1, actual.Count)}
                        {new string(' ', before.Length + layout.ColumnOf(frame))}^
            """ + MarbleText.Legend(Drawn([.. expected, .. drawn]), Errors(expected, from, drawn));
    }

    /// <summary>The drawn keys and their values.</summary>
    private Dictionary<char, T> Drawn(List<MarbleToken> tokens)
    {
        var drawn = tokens.Where(t => t.Kind == MarbleKind.Next).Select(t => t.Key).ToHashSet();
        return new(_keys.Values.Where(v => drawn.Contains(v.Key)));
    }

    /// <summary>The drawn errors by name.</summary>
    private List<KeyValuePair<string, Exception>> Errors(List<MarbleToken> expected, int from, List<MarbleToken> drawn)
    {
        List<KeyValuePair<string, Exception>> errors =
            [.. expected.Select((t, i) => KeyValuePair.Create(t.Name, _errors[from + i]!)).Where(e => e.Value is not null)];
        if (_keys.Error is not { } error)
        {
            return errors;
        }

        var name = drawn.FindLast(t => t.Kind == MarbleKind.Error).Name;
        var isTaken = errors.Exists(e => e.Key == name && (e.Value.GetType() != error.GetType() || e.Value.Message != error.Message));
        return errors.Exists(e => e.Key == name) && !isTaken
            ? errors
            : [.. errors, KeyValuePair.Create(isTaken ? name + " (actual)" : name, error)];
    }

    private string Words(IReadOnlyList<Timed<Notification<T>>> actual, int i)
    {
        var number = $"Notification {i + 1} differs";
        if (i == actual.Count)
        {
            return $"{number}: expected {MarbleText.Safe(Expected(i))} at {_tokens[i].Frame} ms, but nothing {(i > 0 ? "more " : "")}came.";
        }

        var (came, at) = (Actual(actual[i].Value), actual[i].Frame);
        if (i == _tokens.Count)
        {
            return $"{number}: nothing {(i > 0 ? "more " : "")}was expected, but {MarbleText.Safe(came)} came at {at} ms.";
        }

        var due = _tokens[i].Frame;
        if (IsSame(i, actual[i].Value))
        {
            var off = $"{Math.Abs(at - due)} ms too {(at < due ? "early" : "late")}";
            return $"{number}: expected {MarbleText.Safe(came)} at {due} ms, but it came at {at} ms, {off}.";
        }

        var (expected, instead) = MarbleText.Pair(Expected(i), came);
        return $"{number}: expected {expected} at {due} ms, but {instead} came{(due == at ? "" : $" at {at} ms")}.";
    }

    private string Expected(int i) => _tokens[i].Kind switch
    {
        MarbleKind.Next => MarbleText.Whole(_values[i]),
        MarbleKind.Completed => "the end",
        _ when _errors[i] is { } error => MarbleText.Whole(error),
        _ => "an error",
    };

    private static string Actual(Notification<T> actual) => actual.Kind switch
    {
        NotificationKind.OnNext => MarbleText.Whole(actual.Value),
        NotificationKind.OnCompleted => "the end",
        _ => MarbleText.Whole(actual.Exception!),
    };
}
