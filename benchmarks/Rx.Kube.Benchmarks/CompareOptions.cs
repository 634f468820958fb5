namespace Rx.Kube.Benchmarks;

/// <summary>Specifies how thoroughly <c>compare</c> measures.</summary>
internal enum Thoroughness
{
    /// <summary>Everything runs once, on little data: the figures mean nothing.</summary>
    Dry,

    /// <summary>Everything together takes less than two minutes: few rounds, half the slices of W1, a tenth of W3.</summary>
    Quick,

    /// <summary>Everything together takes less than twenty minutes.</summary>
    Full,
}

/// <summary>The options of <c>compare</c>.</summary>
/// <param name="Thoroughness">How thoroughly it measures.</param>
internal sealed record CompareOptions(Thoroughness Thoroughness)
{
    /// <summary>Gets the number of rounds of each contestant that count.</summary>
    public int Rounds => Pick(dry: 1, quick: 3, full: 9);

    /// <summary>Gets for how long rounds do not count, because the code is not optimised yet.</summary>
    public TimeSpan FirstWarmUp => TimeSpan.FromSeconds(Pick(dry: 0, quick: 1.5, full: 10));

    /// <summary>Gets for how long rounds do not count when the same code has run before.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Pick(dry: 0, quick: 0.3, full: 3));

    /// <summary>Chooses a number.</summary>
    public T Pick<T>(T dry, T quick, T full) => Thoroughness switch
    {
        Thoroughness.Dry => dry,
        Thoroughness.Quick => quick,
        _ => full,
    };
}
