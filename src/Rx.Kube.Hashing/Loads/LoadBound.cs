namespace Rx.Kube;

/// <summary>
/// The bound on a member's load: (1 + ε) times its share, rounded up. Uses integers, so that every machine gets the same result.
/// </summary>
/// <param name="Millionths">ε in millionths.</param>
internal readonly record struct LoadBound(int Millionths)
{
    private const int One = 1_000_000;

    /// <param name="epsilon">ε, up to 1,000; rounded to millionths.</param>
    /// <param name="least">The smallest allowed value, in millionths.</param>
    /// <param name="name">The name of the argument.</param>
    public static LoadBound Of(double epsilon, int least, string name) =>
        Math.Round(epsilon * One) is var millionths && millionths >= least && millionths <= 1000.0 * One
            ? new((int)millionths)
            : throw new ArgumentOutOfRangeException(
                name, epsilon, $"It must be from {(decimal)least / One} to 1000, such as 0.25 for a quarter more than the average.");

    /// <summary>
    /// Gets whether a member may take one more request, when the total load including it is <paramref name="total"/>.
    /// </summary>
    /// <param name="load">The member's load now.</param>
    /// <param name="total">The loads of all members, including the new request.</param>
    /// <param name="weight">The member's weight.</param>
    /// <param name="weights">The weights of all members.</param>
    public bool HasRoom(long load, long total, long weight, long weights) =>
        (UInt128)load * One * (UInt128)weights < (UInt128)((long)One + Millionths) * (UInt128)total * (UInt128)weight;
}
