namespace Rx.Kube;

/// <summary>
/// How much of what the server sends is taken at once. What comes from the network is hostile until parsed, so memory stays
/// bounded whatever arrives.
/// </summary>
public sealed record WireLimits
{
    /// <summary>The defaults.</summary>
    public static WireLimits Default { get; } = new();

    /// <summary>
    /// The longest object, in bytes of JSON: one line of a watch or one item of a list. Default 8 MiB; etcd's own limit of
    /// 1.5 MiB an object keeps honest servers well below.
    /// </summary>
    public int MaxObjectBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 8 << 20;

    /// <summary>The longest page of a list, in bytes of JSON. Default 512 MiB; items are decoded as they come, so this is not held in memory.</summary>
    public long MaxPageBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 512L << 20;

    /// <summary>The objects of a whole list, over all pages. Default 1,000,000.</summary>
    public int MaxItems
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 1_000_000;

    /// <summary>How many objects a list asks for at a time (<c>limit</c>). Default 500, as client-go's.</summary>
    public int PageSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 500;
}
