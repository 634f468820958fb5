using System.Globalization;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Provides the randomness of a test run. Equal seeds give equal names.</summary>
public static class TestSeed
{
    public const string Variable = "RXKUBE_TEST_SEED";

    public static int Value { get; } = int.TryParse(
        Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Environment.TickCount & int.MaxValue;

    private static readonly Random _random = new(Value);

    public static string Name(string prefix)
    {
        lock (_random)
        {
            return $"{prefix}-{_random.Next():x8}";
        }
    }
}
