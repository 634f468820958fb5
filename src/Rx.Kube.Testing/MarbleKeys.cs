using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Finds a key for each value of recorded streams: its known key, else the value itself, else a free letter.</summary>
internal sealed class MarbleKeys<T>(IEqualityComparer<T>? comparer)
{
    /// <summary>a to z, A to Z, and then letters that are harder to read.</summary>
    private static readonly string _letters = string.Concat(
        Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Concat(Enumerable.Range('À', char.MaxValue - 'À'))
            .Select(c => (char)c).Where(char.IsLetter));

    private readonly IEqualityComparer<T> _comparer = comparer ?? EqualityComparer<T>.Default;
    private readonly Dictionary<char, T> _values = [];
    private int _free;

    public IReadOnlyDictionary<char, T> Values => _values;

    /// <summary>The last error seen.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Adds a known key, before any stream is read.</summary>
    public void Know(char key, T value) => _values.TryAdd(key, value);

    public List<MarbleToken> Tokens(IEnumerable<Timed<Notification<T>>> messages)
    {
        var tokens = new List<MarbleToken>();
        var last = 0L;
        foreach (var message in messages)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(message.Time, last, nameof(messages));
            last = message.Time;
            tokens.Add(Token(message));
        }

        return tokens;
    }

    private MarbleToken Token(Timed<Notification<T>> message)
    {
        switch (message.Value.Kind)
        {
            case NotificationKind.OnNext:
                return new(MarbleKind.Next, message.Frame, Key: KeyOf(message.Value.Value));
            case NotificationKind.OnError:
                Error = message.Value.Exception;
                return new(MarbleKind.Error, message.Frame);
            default:
                return new(MarbleKind.Completed, message.Frame);
        }
    }

    private char KeyOf(T value)
    {
        foreach (var (known, its) in _values)
        {
            if (_comparer.Equals(its, value))
            {
                return known;
            }
        }

        var key = value switch
        {
            char c => c,
            string { Length: 1 } s => s[0],
            _ => default,
        };
        if (!IsKey(key) || _values.ContainsKey(key))
        {
            key = NextFree();
        }

        _values.Add(key, value);
        return key;
    }

    private char NextFree()
    {
        while (_free < _letters.Length && _values.ContainsKey(_letters[_free]))
        {
            _free++;
        }

        return _free < _letters.Length
            ? _letters[_free]
            : throw new InvalidOperationException("There are more distinct values than letters to draw them");
    }

    private static bool IsKey(char c) =>
        !MarbleParser.IsReserved(c) && (char.IsAsciiLetterOrDigit(c) || char.IsPunctuation(c) || char.IsSymbol(c) || char.IsLetter(c));
}
