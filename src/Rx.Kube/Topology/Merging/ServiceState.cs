namespace Rx.Kube;

/// <summary>
/// The state of one Service in a fold: the claims of its objects, and the resulting endpoints. It exists as long as the Service has an
/// object.
/// </summary>
internal sealed class ServiceState(ServiceName name, ClaimChangesPool pool, TopologyLimits limits)
{
    private readonly AddressClaims _claims = new(pool, limits);
    private readonly CurrentEndpoints _endpoints = new();

    public ServiceName Name { get; } = name;

    /// <summary>Gets or sets how many objects it has.</summary>
    public int Objects { get; set; }

    /// <summary>Gets or sets how many of its objects do not hold all endpoints.</summary>
    public int Truncated { get; set; }

    /// <summary>Gets or sets whether the current event is about it.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Gets the content of the Service for a snapshot; a new instance after each event about the Service.</summary>
    public ServiceContent Content { get; private set; } = ServiceContent.None;

    /// <summary>Prepares for more endpoints in the current event.</summary>
    public void Expect(int count) => _claims.Expect(count);

    /// <summary>Applies the difference between what an object claimed and what it claims now. The only place where claims change.</summary>
    /// <param name="withdrawn">The claims to take back; null entries claim nothing.</param>
    /// <param name="added">The claims to make; null entries claim nothing.</param>
    public void Apply(ReadOnlySpan<TopologyEndpoint?> withdrawn, ReadOnlySpan<TopologyEndpoint?> added)
    {
        _claims.Begin();
        foreach (var claim in withdrawn)
        {
            if (claim is not null)
            {
                _claims.Remove(claim);
            }
        }

        foreach (var claim in added)
        {
            if (claim is not null)
            {
                _claims.Add(claim);
            }
        }
    }

    /// <summary>Computes the content after an event.</summary>
    public void Settle()
    {
        _claims.Settle(_endpoints);
        Content = new(_endpoints.Tree, _endpoints.MembersSince, Truncated > 0, Objects);
    }
}
