using System.Numerics;

namespace Rx.Kube.Hashing.Tests;

/// <summary>XXH64 step by step as in its specification, in big integers modulo 2^64: for comparison only.</summary>
internal static class SlowXxHash64
{
    private static readonly BigInteger Modulus = BigInteger.Pow(2, 64);
    private static readonly BigInteger P1 = BigInteger.Parse("11400714785074694791", null);
    private static readonly BigInteger P2 = BigInteger.Parse("14029467366897019727", null);
    private static readonly BigInteger P3 = BigInteger.Parse("1609587929392839161", null);
    private static readonly BigInteger P4 = BigInteger.Parse("9650029242287828579", null);
    private static readonly BigInteger P5 = BigInteger.Parse("2870177450012600261", null);

    public static ulong Hash(byte[] input, ulong seed)
    {
        var position = 0;
        BigInteger acc;
        if (input.Length < 32)
        {
            acc = Mod(seed + P5);
        }
        else
        {
            BigInteger[] accs = [Mod(seed + P1 + P2), Mod(seed + P2), seed, Mod(seed - P1)];
            while (input.Length - position >= 32)
            {
                for (var lane = 0; lane < 4; lane++, position += 8)
                {
                    accs[lane] = Round(accs[lane], Number(input, position, 8));
                }
            }

            acc = Mod(Rotated(accs[0], 1) + Rotated(accs[1], 7) + Rotated(accs[2], 12) + Rotated(accs[3], 18));
            foreach (var lane in accs)
            {
                acc = Mod(((acc ^ Round(0, lane)) * P1) + P4);
            }
        }

        acc = Mod(acc + input.Length);
        for (; input.Length - position >= 8; position += 8)
        {
            acc = Mod((Rotated(acc ^ Round(0, Number(input, position, 8)), 27) * P1) + P4);
        }

        for (; input.Length - position >= 4; position += 4)
        {
            acc = Mod((Rotated(acc ^ Mod(Number(input, position, 4) * P1), 23) * P2) + P3);
        }

        for (; position < input.Length; position++)
        {
            acc = Mod(Rotated(acc ^ Mod(input[position] * P5), 11) * P1);
        }

        acc = Mod((acc ^ (acc >> 33)) * P2);
        acc = Mod((acc ^ (acc >> 29)) * P3);
        return (ulong)(acc ^ (acc >> 32));
    }

    private static BigInteger Round(BigInteger acc, BigInteger lane) => Mod(Rotated(Mod(acc + (lane * P2)), 31) * P1);

    private static BigInteger Rotated(BigInteger value, int bits) => Mod(value << bits) + (value >> (64 - bits));

    private static BigInteger Number(byte[] input, int position, int count)
    {
        BigInteger number = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            number = (number * 256) + input[position + i];
        }

        return number;
    }

    private static BigInteger Mod(BigInteger value) => ((value % Modulus) + Modulus) % Modulus;
}
