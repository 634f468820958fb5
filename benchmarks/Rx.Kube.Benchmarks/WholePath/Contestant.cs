namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>One of those that are measured in turns.</summary>
/// <param name="name">Its name in the table.</param>
internal abstract class Contestant(string name) : IDisposable
{
    /// <summary>Gets the name in the table.</summary>
    public string Name => name;

    /// <summary>Reads one round of events.</summary>
    /// <returns>The cost of an event.</returns>
    public abstract Cost Round();

    public virtual void Dispose()
    {
    }
}

/// <summary>The costs of all rounds of one contestant.</summary>
/// <param name="Time">Processor time an event, in microseconds.</param>
/// <param name="Bytes">Allocated bytes an event.</param>
internal sealed record Measured(Figures Time, Figures Bytes)
{
    public static Measured Of(IReadOnlyCollection<Cost> costs) =>
        new(new Figures([.. costs.Select(c => c.Microseconds)]), new Figures([.. costs.Select(c => c.Bytes)]));
}
