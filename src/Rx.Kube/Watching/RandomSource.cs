using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>
/// The source of the random numbers for jitter. Every subscription draws from its own sequence, so any number of streams can share a
/// source. Immutable and thread-safe.
/// </summary>
public sealed record RandomSource
{
    private readonly int? _seed;
    private readonly double? _value;

    private RandomSource(int? seed, double? value) => (_seed, _value) = (seed, value);

    /// <summary>Gets the source for production: every subscription has its own unpredictable seed.</summary>
    public static RandomSource Default { get; } = new(seed: null, value: null);

    /// <summary>
    /// Creates a source from which every subscription draws the same sequence, in every process. For reproducible tests.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <returns>The source.</returns>
    public static RandomSource Seeded(int seed) => new(seed, value: null);

    /// <summary>
    /// Creates a source that returns the same number every time. For tests with exact times: 0 results in the shortest waits.
    /// </summary>
    /// <param name="value">The number, from 0 to less than 1.</param>
    /// <returns>The source.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not from 0 to less than 1.</exception>
    public static RandomSource Constant(double value) => value is >= 0 and < 1
        ? new(seed: null, value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The number must be at least 0 and less than 1.");

    /// <summary>Returns a description, such as <c>Seeded(7)</c>.</summary>
    /// <returns>The description.</returns>
    public override string ToString() =>
        _seed is { } seed ? FormattableString.Invariant($"Seeded({seed})")
        : _value is { } value ? FormattableString.Invariant($"Constant({value})")
        : nameof(Default);

    /// <summary>Starts the sequence of one subscription; its numbers are in [0, 1).</summary>
    internal Func<double> NewSequence()
    {
        if (_value is { } value)
        {
            return () => value;
        }

        return new Random(_seed ?? RandomNumberGenerator.GetInt32(int.MaxValue)).NextDouble;
    }
}
