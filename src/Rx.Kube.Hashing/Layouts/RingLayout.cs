namespace Rx.Kube;

/// <summary>
/// Determines the positions of the tokens of a <see cref="HashRing{TMember}"/>: the native layout, or the layout of another system, so that
/// its clients and proxies find the same owner. This is a closed hierarchy: only the static members create layouts. Immutable and
/// thread-safe.
/// </summary>
public abstract class RingLayout
{
    /// <summary>The default number of tokens of a member per unit of its weight.</summary>
    public const int DefaultTokensPerWeight = 160;

    private const int MaxRingSize = 8_388_608;

    private readonly ulong[] _parameters;

    private protected RingLayout(string name, params ulong[] parameters) => (Name, _parameters) = (name, parameters);

    /// <summary>Gets the native layout, <c>HashRing/1</c>, with <see cref="DefaultTokensPerWeight"/>.</summary>
    public static RingLayout Default { get; } = Native();

    /// <summary>
    /// Gets the name and version of the format, such as <c>HashRing/1</c>. Layouts with the same name and equal parameters are identical in
    /// every release.
    /// </summary>
    public string Name { get; }

    internal ReadOnlySpan<ulong> Parameters => _parameters;

    /// <summary>
    /// Creates the native layout, <c>HashRing/1</c>. A member's tokens depend on no other member, so that a change moves only what must
    /// move.
    /// </summary>
    /// <param name="tokensPerWeight">
    /// The number of tokens per unit of weight, from 1 to 65,536. More tokens spread keys more evenly (the deviation of a member's share is
    /// about one in √tokens) and take about 11 bytes each. The default is <see cref="DefaultTokensPerWeight"/>.
    /// </param>
    /// <returns>The layout.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokensPerWeight"/> is out of range.</exception>
    public static RingLayout Native(int tokensPerWeight = DefaultTokensPerWeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerWeight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerWeight, 1 << 16);
        return new NativeLayout(tokensPerWeight);
    }

    /// <summary>
    /// Creates the layout of ketama, so that memcached clients in other languages find the same owner. Its keys are hashed with MD5.
    /// </summary>
    /// <remarks>
    /// <para><b>Look keys up by <see cref="HashOf(string)"/></b>, as in <c>ring.TryGetOwner(layout.HashOf("user-1"), out var owner)</c>. A
    /// plain key is converted to a <see cref="KeyHash"/> with XXH64, so its owner differs from the owner that other clients find.</para>
    /// <para>Points have 32 bits, so that about one in 30 rings of 100 members has two equal points. Here the smaller identity takes
    /// precedence. In uhashring, the node that was added last takes precedence, so that the owners are the same if nodes are added there
    /// in descending order of identities. In the other implementations, the node that their sort puts first takes precedence.</para>
    /// <para>The number of points of a member depends on the weights of all members: about 160 × weight / average weight, in steps of four.
    /// So a change can move keys needlessly: when one of ten members of weight 100 goes down to 1, 7 % of all keys move between the others.
    /// When members of equal weight come and go, no keys move needlessly, except through the rounding of
    /// <see cref="KetamaVariant.Libmemcached"/> and <see cref="KetamaVariant.Libketama"/>. A member with less than a fortieth of the
    /// average weight has no point and owns nothing; it comes last among the replicas of every key.</para>
    /// </remarks>
    /// <param name="variant">The implementation to agree with.</param>
    /// <returns>The layout.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variant"/> is not a value of the enum.</exception>
    public static RingLayout Ketama(KetamaVariant variant) => Enum.IsDefined(variant)
        ? new KetamaLayout(variant)
        : throw new ArgumentOutOfRangeException(nameof(variant), variant, null);

    /// <summary>
    /// Creates the layout of Envoy's <c>ring_hash</c> with its default hash function, XXH64, so that a proxy and this process find the same
    /// owner.
    /// </summary>
    /// <remarks>
    /// <para>The identity is what Envoy hashes of a host: <c>hash_key</c> of its <c>envoy.lb</c> metadata; else, if
    /// <c>use_hostname_for_hashing</c> is set, its name; else its address, as <c>10.0.0.1:80</c> or <c>[::1]:80</c>. The key is the value
    /// of the one header, cookie or query parameter of a hash policy. Envoy's ring has only its healthy hosts, and there is one ring for
    /// each priority. Locality weights, which Envoy multiplies in, and <c>hash_balance_factor</c> have no counterpart here.</para>
    /// <para>This library takes members in the order of identities, and Envoy takes hosts in the order of its configuration. The tokens are
    /// the same if the two orders are the same. If weights are equal and the maximum is not reached, they are the same in any order, with
    /// few exceptions (with a minimum of 1024 tokens, the first exception is a ring of 75 members). Otherwise some hosts get one token
    /// more or fewer.
    /// Counts use double precision as on x86-64. If the compiler of the other program fuses multiplication and addition, as it may on
    /// arm64, the counts of rings with unequal weights can also differ for this reason.</para>
    /// <para>The number of tokens of a member depends on the weights of all members, so a change can move keys needlessly: when one of ten
    /// members of weight 100 goes down to 1, 35 % of all keys move between the others, and when an eleventh equal member joins, 8 %. A
    /// member whose share of <paramref name="maximumRingSize"/> is less than one token can have none and own nothing; it comes last among
    /// the replicas of every key.</para>
    /// </remarks>
    /// <param name="minimumRingSize">
    /// The smallest number of tokens of all members together: from 1 to <paramref name="maximumRingSize"/>.
    /// </param>
    /// <param name="maximumRingSize">
    /// The largest number of tokens of all members together, up to 8,388,608. Rounding can add one token.
    /// </param>
    /// <returns>The layout.</returns>
    /// <exception cref="ArgumentException">A size is out of range, or the minimum is larger than the maximum.</exception>
    public static RingLayout Envoy(int minimumRingSize = 1024, int maximumRingSize = MaxRingSize) =>
        RingHash(minimumRingSize, maximumRingSize);

    /// <summary>
    /// Creates the layout of gRPC's <c>ring_hash_experimental</c>: the layout of <see cref="Envoy"/> with a smaller maximum. With equal
    /// sizes, the two layouts are the same.
    /// </summary>
    /// <remarks>
    /// The identity is the endpoint's hash key, if it has one, else its first address, as <c>10.0.0.1:80</c>; in gRPC for Java, a slash
    /// precedes the address. gRPC for Go takes endpoints in the order of identities, as this library does. gRPC for C++ takes them in the
    /// order in which they are resolved, and gRPC for Java in the order of a hash map: for these two, the remarks on order at
    /// <see cref="Envoy"/> apply. Clients cap both sizes at 4,096 by default.
    /// </remarks>
    /// <inheritdoc cref="Envoy"/>
    public static RingLayout Grpc(int minimumRingSize = 1024, int maximumRingSize = 4096) => RingHash(minimumRingSize, maximumRingSize);

    /// <summary>
    /// Hashes a key's bytes for a ring of this layout: XXH64 with seed 0; for ketama, the first word of MD5. Allocates nothing.
    /// </summary>
    /// <param name="key">The bytes.</param>
    /// <returns>The position of the key on a ring of this layout.</returns>
    public virtual KeyHash HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(key);

    /// <summary>Hashes a key's UTF-8 for a ring of this layout. An unpaired surrogate counts as U+FFFD.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The position of the key on a ring of this layout.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public KeyHash HashOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var utf8 = new Utf8Text(key, stackalloc byte[Utf8Text.OnStack]);
        var hash = HashOf(utf8.Bytes);
        utf8.Return();
        return hash;
    }

    /// <summary>Gets the name and the parameters.</summary>
    /// <returns>The text, such as <c>HashRing/1(160)</c>.</returns>
    public override string ToString() => _parameters.Length == 0 ? Name : $"{Name}({string.Join(", ", _parameters)})";

    /// <summary>Gets the number of tokens of a member of a weight; null if it also depends on other members.</summary>
    internal virtual long? TokensOf(int weight) => null;

    /// <summary>Counts the tokens of each member, by the weights in the order of identities.</summary>
    internal abstract long[] CountTokens(ReadOnlySpan<int> weights);

    /// <summary>
    /// Places the tokens of a member from index <paramref name="first"/> on. They depend only on the identity and the index.
    /// </summary>
    internal abstract void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens);

    private static RingHashLayout RingHash(int minimumRingSize, int maximumRingSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumRingSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumRingSize, MaxRingSize);
        return minimumRingSize <= maximumRingSize
            ? new RingHashLayout(minimumRingSize, maximumRingSize)
            : throw new ArgumentException(
                $"The minimum of {minimumRingSize} tokens is larger than the maximum of {maximumRingSize}. "
                + "To fix: give a smaller minimum or a larger maximum.",
                nameof(minimumRingSize));
    }
}
