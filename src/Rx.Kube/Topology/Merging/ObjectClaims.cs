using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// The state that a fold keeps for an object: the object, and the claims of its endpoints. Changed in place, so that an event costs what it
/// changes, whatever the size of the object.
/// </summary>
/// <param name="service">The Service that the claims are made to.</param>
internal sealed class ObjectClaims<T>(ServiceState service)
    where T : IResource
{
    private readonly List<TopologyEndpoint?> _claims = [];

    /// <summary>Gets the Service that the claims are made to.</summary>
    public ServiceState Service => service;

    /// <summary>Gets the object; null before the first <see cref="Become"/>.</summary>
    public T? Object { get; private set; }

    /// <summary>Gets what all its endpoints share; null when each claim has its own.</summary>
    public ClaimContext? Context { get; private set; }

    /// <summary>Gets a claim for each endpoint; null for an endpoint without an address, which claims nothing.</summary>
    public ReadOnlySpan<TopologyEndpoint?> Claims => CollectionsMarshal.AsSpan(_claims);

    /// <summary>Takes over a new state of the object, and changes the claims to its Service.</summary>
    /// <param name="item">The object now.</param>
    /// <param name="diff">How its claims differ.</param>
    public void Become(T item, ClaimDiff diff)
    {
        (Object, Context) = (item, diff.Context);
        service.Apply(Claims.Slice(diff.At, diff.Withdrawn), diff.Added);
        var kept = Math.Min(diff.Withdrawn, diff.Added.Length);
        diff.Added.AsSpan(0, kept).CopyTo(CollectionsMarshal.AsSpan(_claims)[diff.At..]);
        if (diff.Withdrawn > kept)
        {
            _claims.RemoveRange(diff.At + kept, diff.Withdrawn - kept);
        }
        else if (diff.Added.Length > kept)
        {
            _claims.InsertRange(diff.At + kept, diff.Added.AsSpan(kept));
        }
    }

    /// <summary>Takes back all claims, when the object is gone.</summary>
    public void Withdraw() => service.Apply(Claims, []);
}
