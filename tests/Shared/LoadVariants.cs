namespace Rx.Kube.Tests.Shared;

/// <summary>
/// What a test under constant load is run with. CI has the harder of two variants, with the ServiceDefaults of Aspire;
/// <c>.ci/nightly</c>, which sets <c>RXKUBE_AWAY_SECONDS</c>, has both.
/// </summary>
public static class LoadVariants
{
    /// <summary>Gets whether the application has Aspire's ServiceDefaults.</summary>
    public static TheoryData<bool> ServiceDefaults =>
        Environment.GetEnvironmentVariable("RXKUBE_AWAY_SECONDS") is null ? [true] : [true, false];

    /// <summary>Gets the same for each way to do something.</summary>
    public static TheoryData<T, bool> Of<T>(params T[] ways)
    {
        var all = new TheoryData<T, bool>();
        foreach (var variant in ServiceDefaults)
        {
            foreach (var way in ways)
            {
                all.Add(way, variant);
            }
        }

        return all;
    }
}
