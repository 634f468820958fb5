using System.CommandLine;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Simulation;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Tests.Limits;

/// <summary>Each limit on the command line, one below, at and one above it, without running what it limits.</summary>
public class OptionLimitTests
{
    [Theory]
    [InlineData("--members 65534", null)]
    [InlineData("--members 65535", null)]
    [InlineData("--members 65536", "--members: 65536 is not a number from 1 to 65535.")]
    [InlineData("--steps 9999", null)]
    [InlineData("--steps 10000", null)]
    [InlineData("--steps 10001", "--steps '10001' is not a whole number from 1 to 10000.")]
    [InlineData("--keys 9999999", null)]
    [InlineData("--keys 10000000", null)]
    [InlineData("--keys 10000001", "--keys '10000001' is not a whole number from 1 to 10000000.")]
    [InlineData("--keys 6666666 --replicas 3", null)] // 19,999,998, the largest product below the limit
    [InlineData("--keys 10000000 --replicas 2", null)]
    [InlineData("--keys 6666667 --replicas 3", "--keys times --replicas is 20000001, more than 20000000. To fix: use fewer keys.")]
    [InlineData("--replicas 99", null)]
    [InlineData("--replicas 100", null)]
    [InlineData("--replicas 101", "--replicas '101' is not a whole number from 1 to 100.")]
    [InlineData("--tokens 65535", null)]
    [InlineData("--tokens 65536", null)]
    [InlineData("--tokens 65537", "--tokens '65537' is not a whole number from 1 to 65536.")]
    public void The_numbers_of_a_simulation_are_limited(string line, string? mistake)
    {
        var (command, options) = (new Command("simulate"), new SimulateOptions());
        options.AddTo(command);
        var parsed = command.Parse(line);

        Assert.Equal(mistake, parsed.Errors.Count > 0 ? parsed.Errors[0].Message : Record.Exception(() => options.Read(parsed))?.Message);
    }

    [Fact]
    public void The_product_of_keys_and_replicas_is_limited_at_the_nearest_products()
    {
        const int Limit = 20_000_000, MostKeys = 10_000_000;
        var below = new List<int>();
        var above = new List<int>();
        foreach (var replicas in Enumerable.Range(2, 99)) // one replica of each key is always within the limit
        {
            // The most keys that are allowed, one less, and one more.
            var keys = Limit / replicas;
            Assert.Equal(keys * replicas, Copies(keys, replicas));
            Assert.Equal((keys - 1) * replicas, Copies(keys - 1, replicas));
            below.Add((keys * replicas == Limit ? keys - 1 : keys) * replicas);
            if (keys < MostKeys)
            {
                Assert.Null(Copies(keys + 1, replicas));
                above.Add((keys + 1) * replicas);
            }
        }

        // No two allowed numbers give 19,999,999, which is a prime: these are next to the limit.
        Assert.Equal((19_999_998, 20_000_001), (below.Max(), above.Min()));
    }

    [Theory]
    [InlineData("watch cache", "--timeout", "8759h59m59s", true)]
    [InlineData("watch cache", "--timeout", "8760h", true)]
    [InlineData("watch cache", "--timeout", "8760h1us", false)]
    [InlineData("wait cache --for members=1", "--timeout", "8760h", true)]
    [InlineData("wait cache --for members=1", "--timeout", "8760h1us", false)]
    [InlineData("agree x", "--timeout", "8760h", true)]
    [InlineData("agree x", "--timeout", "8760h1us", false)]
    [InlineData("watch cache", "--request-timeout", "8759h59m59s", true)]
    [InlineData("watch cache", "--request-timeout", "8760h", true)]
    [InlineData("watch cache", "--request-timeout", "8760h1us", false)]
    [InlineData("ring cache", "--replicas", "99", true)]
    [InlineData("ring cache", "--replicas", "100", true)]
    [InlineData("ring cache", "--replicas", "101", false)]
    [InlineData("ring cache", "--tokens", "65535", true)]
    [InlineData("ring cache", "--tokens", "65536", true)]
    [InlineData("ring cache", "--tokens", "65537", false)]
    public void The_numbers_of_a_watch_are_limited(string command, string option, string value, bool isValid)
    {
        var root = RxKube.CreateRoot(new FakeHost().Host, WatchSources.OpenAsync);

        var errors = root.Parse([.. command.Split(' '), option, value]).Errors;

        if (isValid)
        {
            Assert.Empty(errors);
        }
        else
        {
            Assert.StartsWith($"{option} '{value}' is not a ", Assert.Single(errors).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_longest_timeout_can_be_waited_for()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--timeout", "8760h");
        host.AdvanceBy((8760 * 3600) - 1);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(1);

        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains("within 365d", host.Error, StringComparison.Ordinal);
    }

    // The copies of a simulation; null if they are too many.
    private static int? Copies(int keys, int replicas)
    {
        var (command, options) = (new Command("simulate"), new SimulateOptions());
        options.AddTo(command);
        try
        {
            var read = options.Read(command.Parse($"--keys {keys} --replicas {replicas}"));
            return read.Keys * read.Replicas;
        }
        catch (UsageException)
        {
            return null;
        }
    }
}
