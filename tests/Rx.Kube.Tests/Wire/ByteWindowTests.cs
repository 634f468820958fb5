namespace Rx.Kube.Tests.Wire;

/// <summary>The part of a stream that is not consumed: no byte is lost, and its memory follows the objects.</summary>
public class ByteWindowTests
{
    private const int Usual = 64 * 1024;
    private readonly Random _random;
    private readonly string _seed;

    public ByteWindowTests()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("RXKUBE_TEST_SEED"), out var given) ? given : Environment.TickCount;
        (_random, _seed) = (new(seed), $"seed {seed}");
    }

    [Fact]
    public async Task Objects_of_any_length_in_reads_of_any_length_are_given_whole()
    {
        for (var run = 0; run < 20; run++)
        {
            var longest = _random.Next(2) == 0 ? 40_000 : 400_000;
            var lengths = Enumerable.Range(0, 100).Select(_ => _random.Next(1, longest)).ToArray();
            var bytes = new byte[lengths.Sum()];
            _random.NextBytes(bytes);
            using var window = new ByteWindow(new Pieces(bytes, _random), 1 << 20);
            var at = 0;
            foreach (var length in lengths)
            {
                while (window.Unread.Length < length)
                {
                    Assert.True(await window.ReadAsync(default), _seed);
                }

                Assert.True(window.Unread[..length].SequenceEqual(bytes.AsSpan(at, length)), $"{_seed}, run {run}, at {at}");
                window.Consume(length);
                at += length;
            }

            Assert.False(await window.ReadAsync(default), _seed);
            Assert.Equal(bytes.Length, window.TotalRead);
        }
    }

    [Fact]
    public async Task Its_memory_stays_while_long_objects_come_and_is_returned_after_some_short_ones()
    {
        using var window = new ByteWindow(new Pieces(new byte[64 << 20], _random), 8 << 20);
        Assert.Equal(Usual, window.Capacity);
        await ConsumeAsync(window, 1_000_000);
        var grown = window.Capacity;
        Assert.InRange(grown, 1_000_000, 4_000_000);

        // As in a quiet cluster, each object comes alone. A buffer that is returned each time has to grow, and to be copied, each time.
        for (var i = 0; i < 10; i++)
        {
            await ConsumeAsync(window, i % 2 == 0 ? 1000 : 1_000_000);
            Assert.Equal(grown, window.Capacity);
        }

        for (var i = 0; i < 50; i++)
        {
            await ConsumeAsync(window, 1000);
        }

        Assert.Equal(Usual, window.Capacity);
    }

    [Fact]
    public async Task Objects_that_follow_each_other_without_a_pause_do_not_let_it_grow()
    {
        using var window = new ByteWindow(new Pieces(new byte[32 << 20], _random, most: 16 * 1024), 8 << 20);
        for (var i = 0; i < 1000; i++)
        {
            while (window.Unread.Length < 28_000)
            {
                Assert.True(await window.ReadAsync(default));
            }

            window.Consume(28_000);
            Assert.Equal(Usual, window.Capacity);
        }
    }

    private static async Task ConsumeAsync(ByteWindow window, int length)
    {
        while (window.Unread.Length < length)
        {
            Assert.True(await window.ReadAsync(default));
        }

        window.Consume(length);
        window.Consume(window.Unread.Length);
    }

    private sealed class Pieces(byte[] bytes, Random random, int most = 32 * 1024) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, most + 1))], cancellationToken);
    }
}
