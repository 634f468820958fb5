namespace Rx.Kube;

/// <summary>
/// Limits on what the server sends. Data from the network is untrusted, so memory use is bounded whatever arrives.
/// </summary>
public sealed record WireLimits
{
    /// <summary>Gets the default limits.</summary>
    public static WireLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest size of an object, in bytes: one event of a watch or one item of a list. The default is 8 MiB. By default, etcd
    /// limits an object to 1.5 MiB, so real servers stay well below.
    /// </summary>
    public int MaxObjectBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 8 << 20;

    /// <summary>
    /// Gets the largest size of a page of a list, in bytes. The default is 512 MiB. Items are decoded as they arrive, so the bytes of a
    /// whole page are never held in memory.
    /// </summary>
    public long MaxPageBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 512L << 20;

    /// <summary>Gets the largest number of objects in a list, over all pages. The default is 1,000,000.</summary>
    public int MaxItems
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 1_000_000;

    /// <summary>
    /// Gets the largest number of pages in a list, empty ones included. The default is 10,000; 1,000,000 objects
    /// need 2,000 full pages.
    /// </summary>
    public int MaxPages
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 10_000;

    /// <summary>
    /// Gets how long a list may take, over all pages. More than zero and at most one day. The default is 10 min. Measured on
    /// <see cref="KubeConnectionOptions.Scheduler"/>. Within it, the headers of a page are limited by
    /// <see cref="KubeConnectionOptions.ResponseTimeout"/>, and its body by two minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxListTime
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how many objects a list requests at a time (<c>limit</c>). The default is 500, as in client-go.</summary>
    public int PageSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = 500;
}
