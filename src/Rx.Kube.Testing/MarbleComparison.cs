using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Compares what was recorded with a diagram, frame by frame, and tells the difference.</summary>
internal sealed class MarbleComparison<T>
{
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

    /// <param name="actual">What was recorded.</param>
    /// <param name="note">What else there is to say when there is a difference.</param>
    /// <exception cref="MarbleAssertionException">There is a difference.</exception>
    public void Check(IReadOnlyList<Recorded<Notification<T>>> actual, string note)
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

    private string Tell(IReadOnlyList<Recorded<Notification<T>>> actual, int first)
    {
        var drawn = _keys.Tokens(actual);
        for (var i = 0; i < drawn.Count && i < _tokens.Count; i++)
        {
            // An error that is the expected one is called as it is in the diagram.
            drawn[i] = IsSame(i, actual[i].Value) ? drawn[i] with { Name = _tokens[i].Name } : drawn[i];
        }

        var layout = MarbleLayout.Draw(_tokens, drawn);
        long? frame = first < _tokens.Count ? _tokens[first].Frame : null;
        frame = first < drawn.Count ? Math.Min(drawn[first].Frame, frame ?? long.MaxValue) : frame;
        var errors = _tokens.Select((t, i) => KeyValuePair.Create(t.Name, _errors[i])).Where(e => e.Value is not null)
            .Select(e => KeyValuePair.Create(e.Key, e.Value!));
        if (_keys.Error is { } error)
        {
            errors = errors.Append(KeyValuePair.Create(drawn.FindLast(t => t.Kind == MarbleKind.Error).Name, error)).Distinct();
        }

        return $"""
            {Words(actual, first)}
              expected: {layout.Rows[0]}
              actual:   {layout.Rows[1]}
                        {new string(' ', layout.ColumnOf(frame!.Value))}^
            """ + MarbleText.Legend(_keys.Values, errors);
    }

    private string Words(IReadOnlyList<Recorded<Notification<T>>> actual, int i)
    {
        var number = $"Notification {i + 1} differs";
        if (i == actual.Count)
        {
            return $"{number}: expected {Expected(i)} at {_tokens[i].Frame} ms, but nothing more came.";
        }

        var (came, at) = (Actual(actual[i].Value), actual[i].Frame);
        if (i == _tokens.Count)
        {
            return $"{number}: nothing more was expected, but {came} came at {at} ms.";
        }

        var due = _tokens[i].Frame;
        if (!IsSame(i, actual[i].Value))
        {
            return due == at
                ? $"{number}: expected {Expected(i)} at {due} ms, but {came} came."
                : $"{number}: expected {Expected(i)} at {due} ms, but {came} came at {at} ms.";
        }

        return $"{number}: expected {Expected(i)} at {due} ms, but it came at {at} ms, {Math.Abs(at - due)} ms too {(at < due ? "early" : "late")}.";
    }

    private string Expected(int i) => _tokens[i].Kind switch
    {
        MarbleKind.Next => MarbleText.Of(_values[i]),
        MarbleKind.Completed => "the end",
        _ when _errors[i] is { } error => MarbleText.Of(error),
        _ => "an error",
    };

    private static string Actual(Notification<T> actual) => actual.Kind switch
    {
        NotificationKind.OnNext => MarbleText.Of(actual.Value),
        NotificationKind.OnCompleted => "the end",
        _ => MarbleText.Of(actual.Exception!),
    };
}
