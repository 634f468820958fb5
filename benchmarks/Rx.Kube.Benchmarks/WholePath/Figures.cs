namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>The figures of all rounds of one contestant, in one unit.</summary>
/// <param name="Values">The figures, in the order of the rounds. There is at least one.</param>
internal sealed record Figures(double[] Values)
{
    /// <summary>Gets the least figure.</summary>
    public double Least => Values.Min();

    /// <summary>Gets the median.</summary>
    public double Median => Values.Order().ElementAt(Values.Length / 2);

    /// <summary>Gets the figures in another unit.</summary>
    /// <param name="factor">The factor.</param>
    public Figures Times(double factor) => new([.. Values.Select(value => factor * value)]);

    /// <summary>Gets a percentile.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public double Percentile(double percent) =>
        Values.Order().ElementAt(Math.Min(Values.Length - 1, (int)(Values.Length * percent / 100)));
}
