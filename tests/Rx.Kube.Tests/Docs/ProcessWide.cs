namespace Rx.Kube.Tests.Docs;

/// <summary>Tests that change what the whole process sees run alone.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Collection = "process-wide state";
}
