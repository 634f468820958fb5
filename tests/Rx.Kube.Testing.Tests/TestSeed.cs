using System.Globalization;

namespace Rx.Kube.Testing.Tests;

/// <summary>
/// The first seed of random tests. Case number i has the seed Value + i, and a failure prints it. Set the variable to it to run it first.
/// </summary>
internal static class TestSeed
{
    public const string Variable = "RXKUBE_TEST_SEED";

    public static int Value { get; } = int.TryParse(
        Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    /// <summary>The seeds of a test.</summary>
    public static IEnumerable<int> Many(int count) => Enumerable.Range(0, count).Select(i => unchecked(Value + i) & int.MaxValue);

    /// <summary>The seed in the message of a failure.</summary>
    public static string Text(int seed) => $"{Variable}={seed}";
}
