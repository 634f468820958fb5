using System.Reactive.Concurrency;
using System.Runtime.ExceptionServices;

namespace Rx.Kube.Tests.Contracts;

/// <summary>For streams that pass exceptions of subscribers to a callback.</summary>
internal static class Faults
{
    /// <summary>Throws an exception on the clock, where the contract expects it.</summary>
    public static void Rethrow(this IScheduler clock, Exception error) => clock.Schedule(() => ExceptionDispatchInfo.Throw(error));
}
