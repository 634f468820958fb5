using System.Globalization;

namespace Rx.Kube.Testing.Tests;

/// <summary>Where random tests begin. Case number i has the seed Value + i, and a failure prints it: set the variable to it, and it comes first.</summary>
internal static class TestSeed
{
    public const string Variable = "RXKUBE_TEST_SEED";

    public static int Value { get; } = int.TryParse(
        Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    /// <summary>The seeds of a test.</summary>
    public static IEnumerable<int> Many(int count) => Enumerable.Range(0, count).Select(i => unchecked(Value + i) & int.MaxValue);

    /// <summary>What a failure says of its seed.</summary>
    public static string Text(int seed) => $"{Variable}={seed}";
}
