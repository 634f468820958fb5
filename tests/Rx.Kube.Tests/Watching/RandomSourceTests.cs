using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

public class RandomSourceTests
{
    [Fact]
    public void The_default_gives_every_subscription_its_own_sequence() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => string.Join(' ', Draw(RandomSource.Default))).Distinct().Count());

    [Fact]
    public void A_seed_gives_every_subscription_the_same_sequence()
    {
        var source = RandomSource.Seeded(7);
        var (one, other) = (source.NewSequence(), source.NewSequence());
        double[] interleaved = [one(), other(), one(), other()];

        Assert.Equal(Draw(source), Draw(source));
        Assert.Equal([interleaved[0], interleaved[2]], [interleaved[1], interleaved[3]]);
        Assert.NotEqual(Draw(source), Draw(RandomSource.Seeded(8)));
        Assert.All(Draw(source), n => Assert.InRange(n, 0, 1));
    }

    [Fact]
    public void A_seed_gives_every_process_the_same_sequence() =>
        Assert.Equal([0.38322, 0.87126, 0.66094], Draw(RandomSource.Seeded(7)).Take(3).Select(n => Math.Round(n, 5)));

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.999999)]
    public void A_constant_gives_one_number(double value) => Assert.All(Draw(RandomSource.Constant(value)), n => Assert.Equal(value, n));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_constant_is_at_least_zero_and_less_than_one(double value) =>
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => RandomSource.Constant(value)).ParamName);

    [Fact]
    public void Sources_are_equal_by_content()
    {
        Assert.Equal(RandomSource.Seeded(7), RandomSource.Seeded(7));
        Assert.Equal(RandomSource.Constant(0), RandomSource.Constant(0));
        Assert.NotEqual(RandomSource.Constant(0), RandomSource.Seeded(0));
        Assert.NotEqual(RandomSource.Default, RandomSource.Seeded(0));
        Assert.Equal(ResumeOptions.WithoutJitter, ResumeOptions.Default with { Random = RandomSource.Constant(0) });
        Assert.Equal(
            "Default, Seeded(7), Constant(0.5)",
            $"{RandomSource.Default}, {RandomSource.Seeded(7)}, {RandomSource.Constant(0.5)}");
    }

    [Fact]
    public void Two_subscriptions_of_one_seeded_stream_have_the_same_waits()
    {
        var clock = new VirtualClock();
        string[] answers = [.. Enumerable.Repeat("#", 20)];
        var options = new ResumeOptions { Random = RandomSource.Seeded(7) };

        List<string> Waits()
        {
            var waits = new List<string>();
            using var subscription = ResumeRun.Script(clock, ["(l|)"], answers).Resume(options, clock).Subscribe(e =>
            {
                if (e is WatchEvent<string>.Interrupted { Interruption: var i })
                {
                    waits.Add($"{i.RetryAfter}");
                }
            });
            clock.AdvanceBy(TimeSpan.FromMinutes(5).Ticks);
            return waits;
        }

        var first = Waits();
        Assert.InRange(first.Distinct().Count(), 5, 20);
        Assert.Equal(first, Waits());
    }

    private static List<double> Draw(RandomSource source)
    {
        var next = source.NewSequence();
        return [.. Enumerable.Range(0, 5).Select(_ => next())];
    }
}
