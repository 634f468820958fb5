namespace Rx.Kube;

/// <summary>
/// Where the tokens of a <see cref="HashRing{TMember}"/> stand: our own layout, or one of others, so that their clients and proxies find the same owner.
/// A closed set: exactly what its static members give.
/// </summary>
public abstract class RingLayout
{
    /// <summary>How many tokens a member has for each unit of its weight, unless told otherwise.</summary>
    public const int DefaultTokensPerWeight = 160;

    private const int MaxRingSize = 8_388_608;

    private readonly ulong[] _parameters;

    private protected RingLayout(string name, params ulong[] parameters) => (Name, _parameters) = (name, parameters);

    /// <summary>Our own layout, <c>HashRing/1</c>, with <see cref="DefaultTokensPerWeight"/>.</summary>
    public static RingLayout Default { get; } = Native();

    /// <summary>The name and version of the format, such as <c>HashRing/1</c>. What has one name is laid out alike in every release.</summary>
    public string Name { get; }

    internal ReadOnlySpan<ulong> Parameters => _parameters;

    /// <summary>Our own layout, <c>HashRing/1</c>: where a member's tokens stand depends on nobody else, so that a change moves only what must move.</summary>
    /// <param name="tokensPerWeight">
    /// Tokens per unit of weight, from 1 to 65,536. More spread keys more evenly (the deviation of a member's share is about one in √tokens)
    /// and take about 13 bytes each.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokensPerWeight"/> is out of range.</exception>
    public static RingLayout Native(int tokensPerWeight = DefaultTokensPerWeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerWeight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerWeight, 1 << 16);
        return new NativeLayout(tokensPerWeight);
    }

    /// <summary>Ketama, so that clients of memcached in other languages find the same owner. Its keys are hashed with MD5.</summary>
    /// <remarks>
    /// <para><b>Ask with <see cref="HashOf(string)"/></b>, as in <c>ring.TryGetOwner(layout.HashOf("user-1"), out var owner)</c>. A key that is
    /// given as it is becomes a <see cref="KeyHash"/> by XXH64, and finds an owner that no other client would.</para>
    /// <para>Points have 32 bits, so that about one ring of 100 members in 30 has two that are equal. Here the smaller identity counts; with uhashring
    /// the node that was given last, so that it agrees if it gets its nodes in descending order; with the others whichever their sort leaves first.</para>
    /// <para>How many points a member has depends on the weights of all: about 160 × weight / average weight, in steps of four. So a change can
    /// move keys that need not: where one of ten members of weight 100 goes down to 1, 7 % of all keys move between the others. When members of equal
    /// weight come and go none do, save for what rounding does to <see cref="KetamaVariant.Libmemcached"/> and <see cref="KetamaVariant.Libketama"/>.
    /// A member with less than a fortieth of the average weight has no point and owns nothing; it is a replica after all others.</para>
    /// </remarks>
    /// <param name="variant">Whose ketama it is.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variant"/> is none of the enum's.</exception>
    public static RingLayout Ketama(KetamaVariant variant) => Enum.IsDefined(variant)
        ? new KetamaLayout(variant)
        : throw new ArgumentOutOfRangeException(nameof(variant), variant, null);

    /// <summary>That of Envoy's <c>ring_hash</c> with its default hash function, XXH64, so that a proxy and this process find the same owner.</summary>
    /// <remarks>
    /// <para>The identity is what Envoy hashes of a host: <c>hash_key</c> of its <c>envoy.lb</c> metadata; else, if
    /// <c>use_hostname_for_hashing</c> is set, its name; else its address, as <c>10.0.0.1:80</c> or <c>[::1]:80</c>. The key is the value of the one header,
    /// cookie or query parameter of a hash policy. Envoy's ring has its healthy hosts only, and one for each priority; there is nothing here for locality
    /// weights, which it multiplies in, nor for <c>hash_balance_factor</c>.</para>
    /// <para>Members are taken in the order of identities, Envoy's hosts as they are configured. The tokens are the same if that is one order,
    /// and in any order if weights are equal and the maximum is not reached, with few exceptions (with 1024 tokens at least, 75 members are the
    /// first). Otherwise some hosts get a token more or less. They are counted in double precision as on x86-64; where the other side's compiler
    /// fuses multiplication and addition, as it may on arm64, rings of unequal weights can differ in this too.</para>
    /// <para>How many tokens a member has depends on the weights of all, so a change can move keys that need not: where one of ten members of weight
    /// 100 goes down to 1, 35 % of all keys move between the others, and when an eleventh equal member joins, 8 %. A member whose
    /// share of <paramref name="maximumRingSize"/> is less than one token can have none and own nothing; it is a replica after all others.</para>
    /// </remarks>
    /// <param name="minimumRingSize">Tokens of all members together, at least: from 1 to <paramref name="maximumRingSize"/>.</param>
    /// <param name="maximumRingSize">Tokens of all members together, at most, save that rounding can add one: up to 8,388,608.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the minimum is larger than the maximum.</exception>
    public static RingLayout Envoy(int minimumRingSize = 1024, int maximumRingSize = MaxRingSize) => RingHash(minimumRingSize, maximumRingSize);

    /// <summary>
    /// That of gRPC's <c>ring_hash_experimental</c>: <see cref="Envoy"/>'s with a smaller maximum. With the same sizes they are one layout.
    /// </summary>
    /// <remarks>
    /// The identity is the endpoint's hash key, if it has one, else its first address, as <c>10.0.0.1:80</c>; for Java with a slash before it. gRPC for Go
    /// takes endpoints in the order of identities as we do, for C++ as they are resolved, and for Java in the order of a hash map: then it is as with
    /// <see cref="Envoy"/>. Clients cap both sizes at 4,096 unless told otherwise.
    /// </remarks>
    /// <inheritdoc cref="Envoy"/>
    public static RingLayout Grpc(int minimumRingSize = 1024, int maximumRingSize = 4096) => RingHash(minimumRingSize, maximumRingSize);

    /// <summary>Where a key stands on a ring of this layout, by its bytes: XXH64 with seed 0; for ketama the first word of MD5. Allocates nothing.</summary>
    public virtual KeyHash HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(key);

    /// <summary>The same by the key's UTF-8. Half a surrogate pair counts as U+FFFD.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public KeyHash HashOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var utf8 = new Utf8Text(key, stackalloc byte[Utf8Text.OnStack]);
        var hash = HashOf(utf8.Bytes);
        utf8.Return();
        return hash;
    }

    /// <summary>The name and the parameters.</summary>
    public override string ToString() => _parameters.Length == 0 ? Name : $"{Name}({string.Join(", ", _parameters)})";

    /// <summary>How many tokens each member has, by the weights in the order of identities.</summary>
    internal abstract long[] CountTokens(ReadOnlySpan<int> weights);

    /// <summary>The tokens of a member from the one with index <paramref name="first"/> on. They depend on the identity and the index alone.</summary>
    internal abstract void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens);

    private static RingHashLayout RingHash(int minimumRingSize, int maximumRingSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumRingSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumRingSize, MaxRingSize);
        return minimumRingSize <= maximumRingSize
            ? new RingHashLayout(minimumRingSize, maximumRingSize)
            : throw new ArgumentException(
                $"A ring of at least {minimumRingSize} tokens and at most {maximumRingSize} cannot be. Give a smaller minimum or a larger maximum.",
                nameof(minimumRingSize));
    }
}
