using System.Text.Json;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Simulation;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Cli.Tests.Simulation;

public class SimulateCommandTests
{
    private const string Steps = "leave cache-3; join x; weight cache-1 3; join cache-3; weight x 1";

    [Fact]
    public async Task A_script_has_a_row_for_each_step() =>
        Golden.Matches(
            "simulate.txt", await RunAsync("--members", "5", "--keys", "20000", "--script", Steps, "--algorithm", "ring", "--no-cost"));

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_the_simulation(int width, int height)
    {
        var host = new FakeHost { IsTerminal = true, Size = (width, height) };
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(
            "simulate", "--members", "5", "--keys", "5000", "--script", "leave cache-3; join cache-with-a-long-name",
            "--no-cost", "--color", "never"));
        Golden.Matches($"simulate-{width}x{height}.txt", TerminalPicture.Of("a script", host.Error + host.Out, width, height));
    }

    [Fact]
    public async Task Equal_seeds_give_equal_steps() =>
        Golden.Matches("simulate.json", await RunAsync(
            "--members", "a,b,c", "--steps", "4", "--seed", "7", "--keys", "5000", "--algorithm", "ring", "--no-cost", "-o", "json"));

    [Fact]
    public async Task The_moved_keys_equal_the_diff_of_the_rings_and_none_is_needless()
    {
        var json = JsonDocument.Parse(await RunAsync(
            "--members", "5", "--script", Steps, "--algorithm", "ring", "--no-cost", "-o", "json")).RootElement;
        var before = Ring(["cache-0", "cache-1", "cache-2", "cache-3", "cache-4"]);
        var after = before.Without(new("cache-3", 1, 0));
        var step = json.GetProperty("algorithms")[0].GetProperty("steps")[0];
        Assert.Equal(after.DiffFrom(before).MovedFraction, step.GetProperty("moved").GetInt32() / 100_000.0, 0.005);
        Assert.Equal(0.2 * 100_000, step.GetProperty("ideal").GetDouble(), 6);
        Assert.Equal(0, json.GetProperty("algorithms")[0].GetProperty("needless").GetInt32());
        var last = json.GetProperty("algorithms")[0].GetProperty("steps")[4];
        Assert.Equal(0, last.GetProperty("moved").GetInt32());
        Assert.Equal(JsonValueKind.Null, last.GetProperty("ratio").ValueKind);
    }

    [Fact]
    public void The_moved_replicas_equal_the_diff_of_the_rings()
    {
        var settings = Settings(["a", "b", "c", "d", "e"], [new Step(StepKind.Leave, "b"), new Step(StepKind.Weight, "a", 4)], replicas: 3);
        var result = SimulationRunner.Run(Algorithm.All[0], settings, System.Reactive.Concurrency.DefaultScheduler.Instance);
        var first = Ring(["a", "b", "c", "d", "e"]);
        var second = first.Without(new("b", 1, 0));
        var third = second.With(new("a", 4, 0));
        Assert.Equal(second.DiffFrom(first, 3).MovedFraction, result.Steps[0].Moved / 60_000.0, 0.01);
        Assert.Equal(third.DiffFrom(second, 3).MovedFraction, result.Steps[1].Moved / 60_000.0, 0.01);
        Assert.Equal(third.DiffFrom(second, 3).IdealFraction, result.Steps[1].Ideal / 60_000.0, 0.0001);
        Assert.Equal(0, result.Needless);
    }

    [Fact]
    public async Task The_last_member_can_leave_and_a_member_can_join_an_empty_ring()
    {
        var options = new[] { "--members", "1", "--keys", "100", "--script", "leave cache-0; join x; leave x", "-o", "json" };
        var steps = JsonDocument.Parse(await RunAsync(options)).RootElement.GetProperty("algorithms")[0].GetProperty("steps");
        Assert.Equal([0, 100, 0], steps.EnumerateArray().Select(s => s.GetProperty("moved").GetInt32()));
        Assert.Equal([0, 100, 0], steps.EnumerateArray().Select(s => s.GetProperty("ideal").GetDouble()));
    }

    [Fact]
    public void An_algorithm_that_moves_needlessly_is_detected()
    {
        var modulo = new Algorithm("modulo", (members, _) => new ModuloRing([.. members]));
        var result = SimulationRunner.Run(
            modulo, Settings(["a", "b", "c", "d"], [new Step(StepKind.Join, "e")]), System.Reactive.Concurrency.DefaultScheduler.Instance);
        Assert.Equal(0.8, result.Moved / 20_000.0, 0.02);
        Assert.Equal(0.6, result.Needless / 20_000.0, 0.02);
        Assert.Equal(4, result.Ratio!.Value, 0.1);
        Assert.Equal(1, result.Peak, 0.05);
    }

    [Fact]
    public void A_step_that_an_algorithm_does_not_support_is_reported_and_the_rest_runs()
    {
        var limited = Algorithm.All[0] with { Name = "limited", LastOnly = true, HasWeights = false };
        var settings = Settings(["a", "b"], [
            new Step(StepKind.Leave, "a"), new Step(StepKind.Weight, "b", 2),
            new Step(StepKind.Join, "c"), new Step(StepKind.Leave, "c"), new Step(StepKind.Leave, "b")]);
        var result = SimulationRunner.Run(limited, settings, System.Reactive.Concurrency.DefaultScheduler.Instance);
        Assert.Equal(
            ["limited removes only the last member, b", "limited does not support weights", null, null, null],
            result.Steps.Select(s => s.Refusal));
        Assert.Equal(2, result.RefusedSteps);
        var text = string.Join('\n', SimulationTable.Lines([result], settings));
        Assert.Contains("2 steps not done", text, StringComparison.Ordinal);
        Assert.Contains("not done: limited does not support weights", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_steps_are_possible_and_keep_one_member(bool lastOnly)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            List<string> there = ["new-0", "b"];
            foreach (var step in SimulationScript.Random(seed, 50, there, lastOnly))
            {
                if (step.Kind == StepKind.Join)
                {
                    Assert.DoesNotContain(step.Member, there);
                    there.Add(step.Member);
                }
                else
                {
                    Assert.True(!lastOnly || there[^1] == step.Member, $"seed {seed}");
                    Assert.True(there.Remove(step.Member), $"seed {seed}");
                }

                Assert.NotEmpty(there);
            }
        }
    }

    [Fact]
    public async Task The_cost_is_measured_unless_no_cost_is_given()
    {
        var text = await RunAsync("--members", "3", "--steps", "2", "--keys", "1000", "--algorithm", "ring");
        Assert.Contains("LOOKUP  CHANGE", text, StringComparison.Ordinal);
        var json = JsonDocument.Parse(await RunAsync("--members", "3", "--steps", "2", "--keys", "1000", "-o", "json")).RootElement;
        Assert.Equal(0, json.GetProperty("algorithms")[0].GetProperty("nsPerLookup").GetDouble()); // virtual time stands still
        Assert.True(json.GetProperty("algorithms")[0].GetProperty("bytesPerMember").GetDouble() >= 0);
    }

    [Theory]
    [InlineData("--members 0", "0 is not a number from 1 to 65535")]
    [InlineData("--members -1", "-1 is not a number")]
    [InlineData("--members 99999999999999999999", "99999999999999999999 is not a number from 1 to 65535")]
    [InlineData("--members -99999999999999999999", "-99999999999999999999 is not a number from 1 to 65535")]
    [InlineData("--members +99999999999999999999", "+99999999999999999999 is not a number from 1 to 65535")]
    [InlineData("--members 65536", "65536 is not a number from 1 to 65535")]
    [InlineData("--keys 99999999999999999999", "--keys '99999999999999999999' is not a whole number from 1 to 10000000")]
    [InlineData("--members a,,b", "'' is not a name")]
    [InlineData("--members a,b,a", "a occurs twice")]
    [InlineData("--script leave_x", "x is not a member at that step")]
    [InlineData("--script join_cache-1", "cache-1 is already a member")]
    [InlineData("--script leave_cache-1;leave_cache-1", "not a member at that step")]
    [InlineData("--script weight_cache-1_1001", "'1001' is not a weight")]
    [InlineData("--script weight_cache-1", "not a step")]
    [InlineData("--script dance", "'dance' is not a step")]
    [InlineData("--script ;", "no steps")]
    [InlineData("--script join_x --steps 3", "cannot be combined with --steps")]
    [InlineData("--algorithm ketama", "'ketama' is not one of ring")]
    [InlineData("--keys 0", "--keys '0' is not a whole number from 1")]
    [InlineData("--keys 1e3", "'1e3'")]
    [InlineData("--steps 10001", "from 1 to 10000")]
    [InlineData("--seed -1", "from 0")]
    [InlineData("--tokens 0", "from 1 to 65536")]
    [InlineData("--replicas 0", "from 1 to 100")]
    [InlineData("--keys 1000000 --replicas 100", "To fix: use fewer keys")]
    [InlineData("--members 2000 --tokens 65536", "To fix: use fewer --members or --tokens")]
    [InlineData("-o text", "'text' is not one of table, json")]
    [InlineData("--script \e[2J", "\\x1b[2J")]
    public async Task Impossible_settings_exit_with_two_and_the_reason(string line, string expected)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(["simulate", .. line.Split(' ').Select(a => a.Replace('_', ' '))]));
        Assert.Contains(expected, host.Error, StringComparison.Ordinal);
        Assert.StartsWith("rxkube: ", host.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', host.Error);
        Assert.Equal("", host.Out);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void The_steps_of_a_script_are_limited(int more, bool fits)
    {
        var count = SimulateOptions.MaxSteps + more;
        var script = string.Join(';', Enumerable.Range(0, count).Select(i => i % 2 == 0 ? "join x" : "leave x"));
        var error = Record.Exception(() => Assert.Equal(count, SimulationScript.Parse(script, ["a"]).Length));
        Assert.Equal(
            fits ? null : $"--script has {count} steps, more than {SimulateOptions.MaxSteps}. To fix: use fewer steps.", error?.Message);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_names_of_members_are_limited(int more, bool fits)
    {
        var count = Maglev.MaxMembers + more;
        var host = new FakeHost();
        var code = await host.RunAsync(
            "simulate", "--members", string.Join(',', Enumerable.Range(0, count)), "--keys", "1", "--tokens", "1", "--algorithm", "jump",
            "--steps", "1", "--no-cost");
        Assert.Equal(fits ? ExitCode.Stopped : ExitCode.Usage, code);
        Assert.Equal(fits ? "" : $"rxkube: --members: {count} names are more than {Maglev.MaxMembers}.", host.Error.Trim());
    }

    [Fact]
    public void Each_step_is_told_so_that_a_long_simulation_shows_its_progress()
    {
        var told = new List<(int, int)>();
        SimulationRunner.Run(
            Algorithm.All[0], Settings(["a"], [new(StepKind.Join, "b"), new(StepKind.Leave, "none")]),
            System.Reactive.Concurrency.DefaultScheduler.Instance, (step, all) => told.Add((step, all)));
        Assert.Equal([(1, 2), (2, 2)], told);
    }

    [Fact]
    public void The_progress_of_a_long_simulation_is_told_every_five_seconds()
    {
        var host = new FakeHost();
        var slow = new Algorithm("slow", (members, _) => new ModuloRing([.. members], () => host.Clock.Sleep(TimeSpan.FromSeconds(1))));
        Step[] steps = [.. Enumerable.Range(1, 12).Select(i => new Step(StepKind.Join, $"m{i}"))];

        var code = SimulateCommand.Run(Settings(["a"], steps) with { Algorithms = [slow, slow with { Name = "next" }] }, host.Host);

        Assert.Equal(ExitCode.Stopped, code);
        Assert.Equal(
            ["rxkube: slow: step 5 of 12", "rxkube: slow: step 10 of 12", "rxkube: next: step 3 of 12", "rxkube: next: step 8 of 12"],
            host.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_simulation_of_less_than_five_seconds_tells_no_progress()
    {
        var host = new FakeHost();
        var slow = new Algorithm("slow", (members, _) => new ModuloRing([.. members], () => host.Clock.Sleep(TimeSpan.FromSeconds(4.999))));

        SimulateCommand.Run(Settings(["a"], [new(StepKind.Join, "b")]) with { Algorithms = [slow] }, host.Host);

        Assert.Equal("", host.Error);
    }

    private static async Task<string> RunAsync(params string[] options)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(["simulate", .. options]));
        Assert.Equal("", host.Error);
        return host.Out;
    }

    private static SimulateSettings Settings(string[] members, Step[] steps, int replicas = 1) =>
        new([.. members], Algorithm.All, [.. steps], 1, 1, 20_000, replicas, 160, false, null, ColorMode.Never);

    private static HashRing<SimulatedMember> Ring(string[] names) =>
        HashRing.Create(names.Select((name, i) => new SimulatedMember(name, 1, i)), m => m.Name, m => m.Weight);

    /// <summary>Maps a key to its hash modulo the number of members.</summary>
    private sealed class ModuloRing(
        System.Collections.Immutable.ImmutableArray<SimulatedMember> members, Action? onJoin = null) : IRing<SimulatedMember>
    {
        public System.Collections.Immutable.ImmutableArray<SimulatedMember> Members => members;

        public MemberTraits<SimulatedMember> Traits { get; } = new(member => member.Name);

        public ulong Fingerprint => 0;

        public bool TryGetOwner(KeyHash key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out SimulatedMember owner)
        {
            owner = members[(int)(key.Value % (ulong)members.Length)];
            return true;
        }

        public int GetReplicas(KeyHash key, Span<SimulatedMember> replicas) => throw new NotSupportedException();

        public IRing<SimulatedMember> With(SimulatedMember member)
        {
            onJoin?.Invoke();
            return new ModuloRing(members.Add(member), onJoin);
        }

        public IRing<SimulatedMember> Without(SimulatedMember member) => new ModuloRing(members.Remove(member));

        public IRing<SimulatedMember> Only(Func<SimulatedMember, bool> isMember) => throw new NotSupportedException();
    }
}
