namespace Rx.Kube.Benchmarks;

/// <summary>How thoroughly <c>compare</c> measures.</summary>
/// <param name="IsQuick">Whether everything together may take two minutes; otherwise twenty.</param>
internal sealed record CompareOptions(bool IsQuick)
{
    /// <summary>Gets the number of rounds of each contestant that count.</summary>
    public int Rounds => IsQuick ? 5 : 15;

    /// <summary>Gets for how long rounds do not count, because the code is not optimised yet.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(IsQuick ? 1.5 : 5);
}
