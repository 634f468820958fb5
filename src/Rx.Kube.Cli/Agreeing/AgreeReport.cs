namespace Rx.Kube.Cli.Agreeing;

/// <summary>Represents what <c>rxkube agree</c> found out.</summary>
/// <param name="Services">Each Service that a process told of.</param>
/// <param name="Silent">The processes that did not tell.</param>
internal sealed record AgreeReport(EquatableArray<ServiceReport> Services, EquatableArray<ProcessAnswer> Silent)
{
    /// <summary>Gets whether all processes tell, and agree.</summary>
    public bool IsAgreed => Silent.IsEmpty && Services.All(s => s.Verdicts.All(v => v.State == Agreement.Agrees));
}

/// <summary>Represents what was found out about one Service.</summary>
/// <param name="Service">The Service.</param>
/// <param name="Verdicts">A verdict for each process that tells of the Service.</param>
internal sealed record ServiceReport(ServiceName Service, IReadOnlyList<Verdict> Verdicts)
{
    /// <summary>Gets the API server's snapshot; null if it cannot be asked.</summary>
    public ServiceTopology? Server { get; init; }

    /// <summary>Gets why the API server cannot be asked; null if it can.</summary>
    public Exception? Failure { get; init; }
}
