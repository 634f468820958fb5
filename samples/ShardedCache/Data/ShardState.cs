namespace ShardedCache.Data;

/// <summary>What a process tells about itself at <c>/replicated</c>.</summary>
/// <param name="Self">The member.</param>
/// <param name="Ring">Version and fingerprint of the ring.</param>
/// <param name="Members">The members of the ring.</param>
/// <param name="Ranges">The number of ranges that it holds.</param>
/// <param name="Pending">The number of these that are not complete.</param>
/// <param name="IsBehind">Whether it knows that a newer ring exists.</param>
/// <param name="Shortfall">The number of replicas that each key lacks, because there are too few members.</param>
/// <param name="Keys">The number of values.</param>
/// <param name="Leftovers">The number of values that it must hand over.</param>
/// <param name="Moved">The number of values that it has received from other processes because of a new ring, and did not have.</param>
/// <param name="IsReady">Whether its first hand-over is done, and it does not stop.</param>
internal sealed record ShardState(
    string? Self, string Ring, string[] Members, int Ranges, int Pending, bool IsBehind, int Shortfall, int Keys, int Leftovers, long Moved,
    bool IsReady)
{
    /// <summary>Gets whether it is on its ring.</summary>
    public bool IsMember => Members.Contains(Self);

    /// <summary>Gets whether, as far as this process knows, each of its ranges has all replicas.</summary>
    public bool IsReplicated => Members.Length > 0 && Pending == 0 && Shortfall == 0 && Leftovers == 0 && !IsBehind;

    /// <summary>Gets the number of its ranges that lack a replica.</summary>
    public int UnderReplicated => Shortfall > 0 ? Ranges : Pending;
}
