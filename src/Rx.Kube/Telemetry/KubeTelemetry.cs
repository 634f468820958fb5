using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Rx.Kube;

/// <summary>
/// The one meter and the one activity source of Rx.Kube, both named <c>Rx.Kube</c>. An instrument to which no listener is attached costs a
/// check of a field.
/// </summary>
internal static class KubeTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Rx.Kube";

    /// <summary>The meter of all instruments.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The source of all activities.</summary>
    public static ActivitySource Activities { get; } = new(Name);
}
