namespace Rx.Kube;

/// <summary>
/// The implementations of ketama. They place the same points, with two differences: rounding can give a member four points more or fewer,
/// and a key that hashes exactly to a point can have another owner.
/// </summary>
public enum KetamaVariant
{
    /// <summary>
    /// libmemcached with <c>KETAMA_WEIGHTED</c> and the clients built on it, such as pylibmc and PHP's Memcached; twemproxy with <c>hash:
    /// md5</c>. The identity is <c>host</c> at port 11211, and <c>host:port</c> at any other port. A point owns its own hash. Counts are
    /// rounded in single precision: 100 members of equal weight have 156 points each, not 160.
    /// </summary>
    Libmemcached,

    /// <summary>
    /// libketama, the original: the identity is <c>host:port</c>. A point owns its own hash. Counts are rounded in single precision, with
    /// one rounding step fewer than in <see cref="Libmemcached"/>: 61 members of equal weight have 156 points each.
    /// </summary>
    Libketama,

    /// <summary>
    /// uhashring for Python, with <c>hash_fn='ketama'</c>. A point does not own its own hash: the next point does. Counts are exact.
    /// </summary>
    Uhashring,
}
