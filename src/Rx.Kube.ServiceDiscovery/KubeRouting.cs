namespace Rx.Kube;

/// <summary>
/// How <see cref="KubeServiceDiscoveryExtensions.AddKubeRouting"/> routes the requests of a client. Each method changes it and returns it.
/// </summary>
public sealed class KubeRouting
{
    private const int MostReplicas = 100;

    internal KubeRouting()
    {
    }

    internal Func<HttpRequestMessage, string?> KeyOf { get; private set; } = _ => null;

    internal int? ReplicaCount { get; private set; }

    internal int ConnectCount { get; private set; } = 3;

    /// <summary>Takes the key from the request.</summary>
    /// <param name="keyOf">
    /// Gets the key, such as a segment of the path; null or empty for none, so that any endpoint may answer. Called for each attempt, with
    /// the address that the application gave; it must give the same key each time. Its exceptions are those of the request.
    /// </param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyOf"/> is null.</exception>
    public KubeRouting ByKey(Func<HttpRequestMessage, string?> keyOf)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        KeyOf = keyOf;
        return this;
    }

    /// <summary>
    /// Takes the key from the options of the request: <c>request.Options.Set(key, "user-42")</c>. A request without it has no key.
    /// </summary>
    /// <param name="option">The name of the option.</param>
    /// <returns>This object.</returns>
    public KubeRouting ByKey(HttpRequestOptionsKey<string> option) =>
        ByKey(request => request.Options.TryGetValue(option, out var key) ? key : null);

    /// <summary>Takes the key from a header of the request, which is sent too. A request without it has no key.</summary>
    /// <param name="name">The name of the header. If it occurs several times, the first value is the key.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public KubeRouting ByHeader(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ByKey(request => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null);
    }

    /// <summary>Sets how many replicas of a key are asked, the owner first.</summary>
    /// <param name="count">
    /// From 1 to 100. The default is <see cref="KubeTopologyOptions.Replicas"/> of the topology. Attempts beyond it begin with the owner
    /// again.
    /// </param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    public KubeRouting Replicas(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostReplicas);
        ReplicaCount = count;
        return this;
    }

    /// <summary>
    /// Sets to how many endpoints one attempt tries to connect: while no connection can be made, nothing was sent, so any request can go on
    /// to the next replica. How long it tries to connect to each is <see cref="SocketsHttpHandler.ConnectTimeout"/>.
    /// </summary>
    /// <param name="count">From 1, which leaves it to retries, to 100. The default is 3.</param>
    /// <returns>This object.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    public KubeRouting Connects(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostReplicas);
        ConnectCount = count;
        return this;
    }
}
