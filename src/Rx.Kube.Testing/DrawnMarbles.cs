namespace Rx.Kube.Testing;

/// <summary>A diagram that was drawn from a recorded stream.</summary>
/// <typeparam name="T">The values.</typeparam>
public sealed class DrawnMarbles<T>
{
    internal DrawnMarbles(string diagram, IReadOnlyDictionary<char, T> values, Exception? error) =>
        (Diagram, Values, Errors) = (diagram, values, error is null ? [] : MarbleErrors.FromException(error));

    /// <summary>The diagram.</summary>
    public string Diagram { get; }

    /// <summary>What its keys stand for.</summary>
    public IReadOnlyDictionary<char, T> Values { get; }

    /// <summary>The error it ends with, if it ends with one, for a plain <c>#</c>.</summary>
    public MarbleErrors Errors { get; }

    /// <summary>The diagram, and a line for each key that is not its own value.</summary>
    /// <returns>The text, safe for a terminal.</returns>
    public override string ToString() => Diagram + MarbleText.Legend(Values, Errors);
}
