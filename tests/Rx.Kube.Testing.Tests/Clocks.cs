global using TestClock = System.Reactive.Concurrency.VirtualTimeScheduler<long, long>;
using Microsoft.Reactive.Testing;

namespace Rx.Kube.Testing.Tests;

/// <summary>
/// The clocks that tests run on: the VirtualClock, and the TestScheduler of Microsoft.Reactive.Testing. The TestScheduler runs what is due
/// at once one tick later, and stays enabled after an exception in a run.
/// </summary>
public sealed class Clocks : TheoryData<string>
{
    public static readonly IReadOnlyList<string> Names = [nameof(VirtualClock), nameof(TestScheduler)];

    public Clocks() => AddRange([.. Names]);

    public static TestClock New(string name) => name == nameof(TestScheduler) ? new OpenTestScheduler() : new VirtualClock();

    /// <summary>Whether nothing is due.</summary>
    public static bool IsIdle(TestClock clock) => clock is OpenTestScheduler scheduler ? scheduler.IsIdle : ((VirtualClock)clock).IsIdle;

    /// <summary>The TestScheduler itself, with a look at its queue.</summary>
    private sealed class OpenTestScheduler : TestScheduler
    {
        public bool IsIdle => GetNext() is null;
    }
}
