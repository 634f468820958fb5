namespace Rx.Kube.Testing;

/// <summary>
/// Completes tasks so that what awaits them runs at once, on this thread: awaiters that do not capture a context run inline only
/// where there is none, and test runners set one.
/// </summary>
internal static class InlineCompletion
{
    public static void Run(Action complete)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            complete();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
