using Rx.Kube.Hashing.Keys;
using Rx.Kube.Hashing.Layouts;

namespace Rx.Kube.Hashing;

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

    /// <summary>Ketama.</summary>
    public static RingLayout Ketama(KetamaVariant variant) => Enum.IsDefined(variant)
        ? new KetamaLayout(variant)
        : throw new ArgumentOutOfRangeException(nameof(variant), variant, null);

    /// <summary>Envoy.</summary>
    public static RingLayout Envoy(int minimumRingSize = 1024, int maximumRingSize = MaxRingSize) => RingHash(minimumRingSize, maximumRingSize);

    /// <summary>gRPC.</summary>
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
