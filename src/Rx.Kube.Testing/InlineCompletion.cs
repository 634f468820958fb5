namespace Rx.Kube.Testing;

/// <summary>
/// Completes tasks so that their continuations run at once, on this thread. A continuation that does not capture a context runs inline only
/// where there is no context, and test runners set one.
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
