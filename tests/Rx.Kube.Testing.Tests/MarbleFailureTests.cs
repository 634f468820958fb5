using System.Reactive.Linq;

namespace Rx.Kube.Testing.Tests;

/// <summary>The messages of failed tests.</summary>
public sealed class MarbleFailureTests
{
    [Theory]
    [InlineData("--a--b--|", "--a---b-|", "Notification 2 differs: expected b at 5 ms, but it came at 6 ms, 1 ms too late.", 5)]
    [InlineData("--a--b--|", "--a-b---|", "Notification 2 differs: expected b at 5 ms, but it came at 4 ms, 1 ms too early.", 4)]
    [InlineData("--a--b--|", "--a--c--|", "Notification 2 differs: expected b at 5 ms, but c came.", 5)]
    [InlineData("--a--b", "--a---c", "Notification 2 differs: expected b at 5 ms, but c came at 6 ms.", 5)]
    [InlineData("--a--b", "--a", "Notification 2 differs: expected b at 5 ms, but nothing more came.", 5)]
    [InlineData("--a", "--a--|", "Notification 2 differs: nothing more was expected, but the end came at 5 ms.", 5)]
    [InlineData("--|", "--#", "Notification 1 differs: expected the end at 2 ms, but InvalidOperationException: error came.", 2)]
    [InlineData("--#", "--|", "Notification 1 differs: expected an error at 2 ms, but the end came.", 2)]
    [InlineData("", "a", "Notification 1 differs: nothing was expected, but a came at 0 ms.", 0)]
    [InlineData("a", "", "Notification 1 differs: expected a at 0 ms, but nothing came.", 0)]
    public void The_first_difference_is_described_and_marked_under_the_diagrams(
        string expected, string actual, string words, int column)
    {
        var clock = new VirtualClock();
        var error = Assert.Throws<MarbleAssertionException>(() => clock.Expect(clock.Cold(actual)).ToBe(expected));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(words, lines[0]);
        Assert.Equal($"  expected: {expected}", lines[1]);
        Assert.Equal($"  actual:   {actual}", lines[2]);
        Assert.Equal(12 + column, lines[3].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void Long_gaps_groups_and_values_stay_aligned_and_are_explained()
    {
        var clock = new VirtualClock();
        var values = new Dictionary<char, string> { ['a'] = "added cache-0", ['b'] = "deleted cache-0" };
        var source = clock.Cold("a 799ms [bx] 2s |", c => c == 'x' ? "extra" : values[c]);

        var error = Assert.Throws<MarbleAssertionException>(() => clock.Expect(source).ToBe("a 799ms b 1s |", values));

        Assert.Equal(
            [
                "Notification 3 differs: expected the end at 1801 ms, but extra came at 800 ms.",
                "  expected: a 799ms b 1s       |",
                "  actual:   a 799ms (bc) 997ms  1s |",
                "                    ^",
                "  a = added cache-0",
                "  b = deleted cache-0",
                "  c = extra",
            ],
            error.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void Only_the_part_around_the_first_difference_of_a_long_stream_is_drawn_and_explained()
    {
        var clock = new VirtualClock();
        var count = clock.Expect(Observable.Interval(TimeSpan.FromMilliseconds(3), clock).Take(60_000));

        var error = Assert.Throws<MarbleAssertionException>(() =>
            count.ToBe($"--{string.Concat(Enumerable.Range(0, 100).Select(i => $"-{(char)('一' + i)}-"))}|", k => (long)(k - '一')));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal("Notification 101 differs: expected the end at 302 ms, but 100 came at 303 ms.", lines[0]);
        Assert.StartsWith($"  expected: … 258ms {(char)('一' + 85)}--", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("--乣-|", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("--乣--a--b--c--d--e--f--g--h--i--j--k--l--m--n--o …", lines[2], StringComparison.Ordinal);
        Assert.Equal(lines[1].IndexOf('|', StringComparison.Ordinal), lines[3].IndexOf('^', StringComparison.Ordinal));
        Assert.Equal(4 + 15 + 15, lines.Length);
        Assert.Equal("  o = 114", lines[^1]);
    }

    [Fact]
    public void Long_values_are_shown_from_shortly_before_their_difference()
    {
        var before = Slice.Of("cache-abc", "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");

        var words = Words(before, before.With("cache-1", "10.0.0.2", ready: false));
        Assert.StartsWith("Notification 1 differs: expected …", words, StringComparison.Ordinal);
        Assert.Contains("\"conditions\":{\"ready\":true,\"serving\":true,", words, StringComparison.Ordinal);
        Assert.Contains("\"conditions\":{\"ready\":false,\"serving\":false,", words, StringComparison.Ordinal);
        Assert.Contains("10.0.0.9", Words(before.Added(), before.With("cache-0", "10.0.0.9").Added()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, "Notification 1 differs: expected \"\" at 0 ms, but null came.")]
    [InlineData(" x", "x\ny", "Notification 1 differs: expected \" x\" at 0 ms, but x\\ny came.")]
    [InlineData(new[] { 1, 2 }, new[] { 1, 3 }, "Notification 1 differs: expected [1, 2] at 0 ms, but [1, 3] came.")]
    [InlineData(
        new[] { 1, 2 }, new[] { 1, 2 },
        "Notification 1 differs: expected [1, 2] at 0 ms, but a different value with the same text came.")]
    public void Values_are_told_apart(object? expected, object? actual, string words) => Assert.Equal(words, Words(expected, actual));

    [Fact]
    public void Errors_must_have_the_same_type_and_message_unless_any_error_is_accepted()
    {
        Expect("#", "#", new TimeoutException("a"), null);
        Expect("#", "#", new TimeoutException("a"), new TimeoutException("a"));
        Assert.Throws<MarbleAssertionException>(() => Expect("#", "#", new TimeoutException("a"), new TimeoutException("b")));
        var error = Assert.Throws<MarbleAssertionException>(() =>
            Expect("#", "#gone", new TimeoutException("a"), new() { { "gone", new IOException("a") } }));
        Assert.Equal(
            ["  #gone = IOException: a", "  # = TimeoutException: a"], error.Message.Split(Environment.NewLine)[^2..]);
        error = Assert.Throws<MarbleAssertionException>(() => Expect("a#", "b#", new TimeoutException("a"), new IOException("a")));
        Assert.Equal(
            ["  # = IOException: a", "  # (actual) = TimeoutException: a"], error.Message.Split(Environment.NewLine)[^2..]);

        static void Expect(string actual, string expected, MarbleErrors sent, MarbleErrors? awaited)
        {
            var clock = new VirtualClock();
            clock.Expect(clock.Cold(actual, sent)).ToBe(expected, awaited);
        }
    }

    [Fact]
    public void Subscriptions_that_differ_are_drawn_one_below_the_other()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("--|");
        clock.Expect(source, "-^").ToBe("---|");

        var error = Assert.Throws<MarbleAssertionException>(() => source.ToHaveSubscriptions("-^-!", "---^"));
        Assert.Equal(
            [
                "Subscription 2 differs: expected from 3 ms without an end, but there was none.",
                "  expected: -^-!",
                "  expected: ---^",
                "  actual:   -^-!",
            ],
            error.Message.Split(Environment.NewLine));
        error = Assert.Throws<MarbleAssertionException>(() => source.ToHaveSubscriptions());
        Assert.Equal(
            ["Subscription 1 differs: expected none, but it was from 1 ms to 3 ms.", "  expected: none", "  actual:   -^-!"],
            error.Message.Split(Environment.NewLine));
        Assert.Throws<MarbleAssertionException>(() => source.ToHaveSubscriptions("-^-"));
        Assert.Throws<MarbleAssertionException>(() => source.ToHaveSubscriptions("-^!"));
    }

    [Fact]
    public void An_observer_is_compared_with_what_it_has_recorded_so_far()
    {
        var clock = new VirtualClock();
        var seen = clock.CreateObserver<char>();
        clock.Cold("a-b").Subscribe(seen);

        clock.AdvanceTo(TimeSpan.FromMilliseconds(1));
        seen.ToHaveMessages("a", c => c);
        clock.AdvanceBy(TimeSpan.FromMilliseconds(1));
        seen.ToHaveMessages("a-b", c => c);
        Assert.Throws<MarbleAssertionException>(() => seen.ToHaveMessages("a", c => c));
    }

    /// <summary>The message for a value that came instead of another one.</summary>
    private static string Words<T>(T expected, T actual)
    {
        var clock = new VirtualClock();
        var error = Assert.Throws<MarbleAssertionException>(() => clock.Expect(clock.Cold("a", _ => actual)).ToBe("a", _ => expected));
        return error.Message.Split(Environment.NewLine)[0];
    }
}
