using System.Buffers.Binary;

namespace Rx.Kube.Hashing.Tests.Scores;

public sealed class LogarithmTests
{
    private const double Unit = 1L << Logarithm.FractionBits;

    [Fact]
    public void Logarithms_are_those_of_the_golden_file()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Rendezvous-1.txt"))
            .ToLookup(line => line.Split(' ')[0]);
        Assert.Equal(24, lines["log"].Count());
        Assert.All(lines["log"].Select(line => line.Split(' ')), log =>
            Assert.Equal(log[2], $"{Logarithm.OfFraction(Convert.ToUInt64(log[1], 16)):x16}"));

        // One sample in each line of the table.
        var all = new byte[1024 * sizeof(ulong)];
        for (var i = 0; i < 1024; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(i * sizeof(ulong)),
                Logarithm.OfFraction((1UL << 63) + ((ulong)i << 53) + ((ulong)i * 0x1234567)));
        }

        Assert.Equal(lines["logs"], [$"logs {XxHash64.Hash(all):x16}"]);
    }

    [Fact]
    public void Logarithms_are_right_to_a_2000th_also_where_they_are_small()
    {
        const int seed = 1;
        var random = new Random(seed);
        for (var run = 0; run < 20_000; run++)
        {
            var missing = (HashRings.RandomHash(random) >> random.Next(1, 28)) | (1UL << 36);
            var exact = -double.LogP1(-(missing / Math.Pow(2, 64))) / Math.Log(2);
            Assert.InRange(Logarithm.OfFraction(0 - missing) / Unit / exact, 1 - 0.0005, 1 + 0.0005);
        }
    }

    [Fact]
    public void A_greater_hash_has_no_greater_logarithm()
    {
        var hashes = Enumerable.Range(0, 64).SelectMany(bit => Enumerable.Range(-2, 5).Select(d => (1UL << bit) + (ulong)d))
            .Concat(Enumerable.Range(0, 1024)
                .SelectMany(i => Enumerable.Range(-2, 5).Select(d => (1UL << 63) + ((ulong)i << 53) + (ulong)d))).Order().ToArray();
        Assert.All(hashes.Zip(hashes.Skip(1)), pair => Assert.True(Logarithm.OfFraction(pair.First) >= Logarithm.OfFraction(pair.Second)));
        Assert.Equal(64 * Unit, Logarithm.OfFraction(0));
        Assert.Equal(1UL, Logarithm.OfFraction(ulong.MaxValue));
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(1, 3, 1000)]
    [InlineData(5, 20, 2)]
    [InlineData(2500, 2500, 3)]
    [InlineData(4999, 1, 1000)]
    [InlineData(60_000, 5000, 7)]
    public void Shares_follow_the_weights_within_a_1000th_of_each_however_many_members_there_are(int light, int heavy, int weight)
    {
        // Not by sampling: the probability that a light member is the first, summed over all possible times.
        double Later(double time) => LeastLaterThan(time) / Math.Pow(2, 64);
        var (share, steps, rate) = (0.0, 20_000, light + ((double)heavy * weight));
        for (var step = 0; step < steps; step++)
        {
            double TimeOf(int at) => Math.Min(63.9 / weight, -Math.Log2(1 - ((at + 1e-9) / (steps + 1))) / rate);
            var (begin, end) = (TimeOf(step), TimeOf(step + 1));
            share += (Math.Pow(Later(begin), light) - Math.Pow(Later(end), light)) * Math.Pow(Later((begin + end) / 2 * weight), heavy);
        }

        Assert.InRange(share / (light / rate), 0.999, 1.001);
        Assert.InRange((1 - share) / (heavy * weight / rate), 0.999, 1.001);
    }

    // The number of hashes with a logarithm greater than the time.
    private static double LeastLaterThan(double time)
    {
        var (least, low, high) = ((ulong)(time * Unit), 0UL, ulong.MaxValue);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Logarithm.OfFraction(middle) > least ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
