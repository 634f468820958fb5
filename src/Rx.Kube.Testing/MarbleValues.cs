using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>The values and errors of the keys and names of a diagram.</summary>
internal sealed class MarbleValues<T>
{
    private readonly IReadOnlyDictionary<char, T>? _values;
    private readonly Func<char, T>? _select;
    private readonly MarbleErrors? _errors;

    public MarbleValues(IReadOnlyDictionary<char, T> values, MarbleErrors? errors)
    {
        ArgumentNullException.ThrowIfNull(values);
        (_values, _errors) = (values, errors);
    }

    public MarbleValues(Func<char, T> select, MarbleErrors? errors)
    {
        ArgumentNullException.ThrowIfNull(select);
        (_select, _errors) = (select, errors);
    }

    /// <summary>The messages of a diagram.</summary>
    public List<Timed<Notification<T>>> Messages(string diagram, List<MarbleToken> tokens) =>
        [.. tokens.Select(t => new Timed<Notification<T>>(VirtualTime.TicksOf(t.Frame), Notification(diagram, t)))];

    public T Value(string diagram, MarbleToken token)
    {
        if (_select is not null)
        {
            return _select(token.Key);
        }

        return _values!.TryGetValue(token.Key, out var value)
            ? value
            : throw new MarbleFormatException(
                diagram, token.Column, $"There is no value for '{token.Key}'{MarbleParser.Hint(diagram, token.Column - 1)}");
    }

    /// <summary>The error of a name; null for a plain <c>#</c> that may be any error.</summary>
    public Exception? Error(string diagram, MarbleToken token)
    {
        var error = _errors?.Find(token.Name);
        return error is null && token.Name.Length > 0
            ? throw new MarbleFormatException(diagram, token.Column + 1, $"There is no error with the name '{token.Name}'")
            : error;
    }

    private Notification<T> Notification(string diagram, MarbleToken token) => token.Kind switch
    {
        MarbleKind.Next => System.Reactive.Notification.CreateOnNext(Value(diagram, token)),
        MarbleKind.Completed => System.Reactive.Notification.CreateOnCompleted<T>(),
        _ => System.Reactive.Notification.CreateOnError<T>(Error(diagram, token) ?? new InvalidOperationException("error")),
    };
}
