namespace Rx.Kube.Fuzz;

/// <summary>Random numbers that are the same for a seed on every machine and runtime (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The dice of one input: those of neighbouring numbers have nothing in common.</summary>
    public static Dice For(ulong seed, long number, ulong purpose) => new(Mix(Mix(seed) + Mix((ulong)number) + purpose));

    public ulong Next() => Mix(_state += 0x9e3779b97f4a7c15);

    /// <summary>A number from 0 to below a limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
