using System.Globalization;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>How long these tests run. CI has the short forms; <c>.ci/nightly</c> sets the variable for the long ones.</summary>
public static class LongRun
{
    public const string Variable = "RXKUBE_RESILIENCE_SECONDS";

    /// <summary>Gets whether the long forms run.</summary>
    public static bool IsOn => Seconds is not null;

    private static int? Seconds { get; } = int.TryParse(
        Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        ? seconds
        : null;

    /// <summary>Gets the duration of a run: of the short form, unless the variable sets it.</summary>
    public static TimeSpan Of(int shortSeconds) => TimeSpan.FromSeconds(Seconds ?? shortSeconds);
}
