namespace Rx.Kube.Testing;

/// <summary>Represents a diagram that was drawn from a recorded stream.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class DrawnMarbles<T>
{
    internal DrawnMarbles(string diagram, IReadOnlyDictionary<char, T> values, Exception? error) =>
        (Diagram, Values, Errors) = (diagram, values, error is null ? [] : MarbleErrors.FromException(error));

    /// <summary>Gets the diagram.</summary>
    public string Diagram { get; }

    /// <summary>Gets the value of each key of the diagram.</summary>
    public IReadOnlyDictionary<char, T> Values { get; }

    /// <summary>Gets the error of a plain <c>#</c>; empty if the stream did not fail.</summary>
    public MarbleErrors Errors { get; }

    /// <summary>Returns the diagram, and a line for each key that is not its own value.</summary>
    /// <returns>The text, safe for a terminal.</returns>
    public override string ToString() => Diagram + MarbleText.Legend(Values, Errors);
}
