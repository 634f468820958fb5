using Microsoft.AspNetCore.Http;

namespace Rx.Kube;

/// <summary>How YARP follows the topologies of the host.</summary>
public sealed class KubeDestinationOptions
{
    private readonly Dictionary<string, Func<HttpContext, string?>> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets or sets how long <c>MapReverseProxy</c> waits for the first complete list of a Service. After that, the proxy starts without
    /// its destinations, and has them as soon as they are known. From zero, which does not wait, to one day. The default is 5 s.
    /// </summary>
    public TimeSpan FirstSyncTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets how long a topology must be quiet before YARP is told of a change: a change reloads all clusters. From zero to one day.
    /// The default is 50 ms.
    /// </summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Gets or sets the longest time for which a change waits while the topology is not quiet. From <see cref="Settle"/> to one day. The
    /// default is 500 ms.
    /// </summary>
    public TimeSpan SettleAtMost { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gets or sets how many destinations <c>UseKubeRetry</c> tries for one request, the first one included. From 1, which does not retry,
    /// to 100. The default is 3.
    /// </summary>
    public int RetryAttempts { get; set; } = 3;

    /// <summary>
    /// Gets or sets the largest body of a request that <c>UseKubeRetry</c> keeps in memory, in bytes, so that it can be sent again. From
    /// zero to 100 MiB. The default is 64 KiB.
    /// </summary>
    public int RetryBodySize { get; set; } = 64 * 1024;

    /// <summary>Gets the functions of <see cref="ByKey"/>, by the id of the cluster.</summary>
    internal IReadOnlyDictionary<string, Func<HttpContext, string?>> Keys => _keys;

    /// <summary>Sets where the key of a request to a cluster with the policy <c>KubeRing</c> is.</summary>
    /// <param name="clusterId">The id of the cluster, in any letter case.</param>
    /// <param name="key">
    /// Gets the key; null or empty for none. Called for each request and each retry, on any thread; must not block. An exception fails the
    /// request.
    /// </param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="clusterId"/> is null or empty.</exception>
    public KubeDestinationOptions ByKey(string clusterId, Func<HttpContext, string?> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(clusterId);
        ArgumentNullException.ThrowIfNull(key);
        _keys[clusterId] = key;
        return this;
    }

    /// <summary>Gets what is out of its range.</summary>
    internal IEnumerable<string> Faults()
    {
        var day = TimeSpan.FromDays(1);
        if (FirstSyncTimeout < TimeSpan.Zero || FirstSyncTimeout > day)
        {
            yield return $"{nameof(FirstSyncTimeout)} must be from zero to one day.";
        }

        if (Settle < TimeSpan.Zero || Settle > day)
        {
            yield return $"{nameof(Settle)} must be from zero to one day.";
        }

        if (SettleAtMost < Settle || SettleAtMost > day)
        {
            yield return $"{nameof(SettleAtMost)} must be from {nameof(Settle)} to one day.";
        }

        if (RetryAttempts is < 1 or > 100)
        {
            yield return $"{nameof(RetryAttempts)} must be from 1 to 100.";
        }

        if (RetryBodySize is < 0 or > 100 * 1024 * 1024)
        {
            yield return $"{nameof(RetryBodySize)} must be from zero to 100 MiB.";
        }
    }
}
