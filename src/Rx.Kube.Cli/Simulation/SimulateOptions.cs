using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Holds the options of <c>rxkube simulate</c>.</summary>
internal sealed class SimulateOptions
{
    private const string All = "all";
    /// <summary>The limit of <c>--steps</c>, and of the steps of <c>--script</c>.</summary>
    internal const int MaxSteps = 10_000;
    private const int MaxKeys = 10_000_000;

    /// <summary>The limit of keys × replicas, which takes some hundred megabytes.</summary>
    private const int MaxCopies = 20_000_000;

    private readonly Option<string> _members = new("--members")
    {
        Description = "The initial members: a number (cache-0, cache-1, …) or names: a,b,c.",
        HelpName = "N|NAMES",
        DefaultValueFactory = _ => "10",
    };

    private readonly Option<string[]> _algorithms = new Option<string[]>("--algorithm")
    {
        Description = "An algorithm; repeat the option to compare several. Default: all.",
        HelpName = string.Join('|', Algorithm.All.Select(a => a.Name).Append(All)),
    }.Completed(Algorithm.All.Select(a => a.Name).Append(All));

    private readonly Option<string?> _script = new("--script")
    {
        Description = "The steps, each with a row of output: 'join x; leave cache-3; weight cache-1 3'. Default: random steps.",
        HelpName = "STEPS",
    };

    private readonly Option<int> _steps = OutputOptions.Number(
        "--steps", 10, 1, MaxSteps, "The number of random joins and leaves.");
    private readonly Option<int> _seed = OutputOptions.Number(
        "--seed", 1, 0, int.MaxValue, "The seed of the random steps; equal seeds give equal steps.");
    private readonly Option<int> _keys = OutputOptions.Number("--keys", 100_000, 1, MaxKeys, "The number of keys.");
    private readonly Option<int> _replicas = RingOptions.Replicas();
    private readonly Option<int> _tokens = RingOptions.Tokens();
    private readonly Option<bool> _noCost = new("--no-cost")
    {
        Description = "Do not measure times and sizes, so that the output is reproducible.",
    };

    private readonly Option<OutputChoice?> _output = OutputOptions.Format(
        "table, or json: one line. Default: table.", OutputFormat.Table, OutputFormat.Json);
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _algorithms.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value != All && Algorithm.All.All(a => a.Name != t.Value)))
            {
                result.AddError(OutputOptions.NotOneOf(result, token.Value, _algorithms.HelpName!.Split('|')));
            }
        });
        Option[] options = [_members, _algorithms, _script, _steps, _seed, _keys, _replicas, _tokens, _noCost, _output, _color];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            var hasRandomSteps = new[] { _steps, _seed }.Any(option => result.GetResult(option) is { Implicit: false });
            if (hasRandomSteps && result.GetResult(_script) is not null)
            {
                result.AddError("--script defines all steps and cannot be combined with --steps or --seed.");
            }
        });
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">The options contradict each other or exceed a limit.</exception>
    public SimulateSettings Read(ParseResult result)
    {
        var members = Members(result.GetRequiredValue(_members));
        var (keys, replicas) = (result.GetValue(_keys), result.GetValue(_replicas));
        if ((long)keys * replicas > MaxCopies)
        {
            throw new UsageException($"--keys times --replicas is {(long)keys * replicas}, more than {MaxCopies}. To fix: use fewer keys.");
        }

        var names = result.GetValue(_algorithms) is { Length: > 0 } given ? given : [All];
        return new(
            members,
            [.. Algorithm.All.Where(a => names.Contains(All) || names.Contains(a.Name))],
            result.GetValue(_script) is { } script ? SimulationScript.Parse(script, members) : null,
            result.GetValue(_steps),
            result.GetValue(_seed),
            keys,
            replicas,
            result.GetValue(_tokens),
            !result.GetValue(_noCost),
            result.GetValue(_output)?.Format,
            result.GetValue(_color));
    }

    // More would take hours, and no ring of a Maglev can have more.
    private const int MaxMembers = Maglev.MaxMembers;

    private static ImmutableArray<string> Members(string text)
    {
        if (text.AsSpan().TrimStart("+-") is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange('0', '9'))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
                && count is >= 1 and <= MaxMembers
                ? [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"cache-{i}"))]
                : throw new UsageException($"--members: {text} is not a number from 1 to {MaxMembers}.");
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries).ToImmutableArray();
        if (names.Length > MaxMembers)
        {
            throw new UsageException($"--members: {names.Length} names are more than {MaxMembers}.");
        }

        return names.FirstOrDefault(n => n.Length == 0 || n.Any(c => char.IsWhiteSpace(c) || c == ';')) is { } bad
            ? throw new UsageException($"--members: '{bad}' is not a name. To fix: write a number, or names without blanks: a,b,c.")
            : names.CountBy(n => n, StringComparer.Ordinal).FirstOrDefault(n => n.Value > 1) is { Key: { } twice }
                ? throw new UsageException($"--members: {twice} occurs twice.")
                : names;
    }
}

/// <summary>Holds the settings of <c>rxkube simulate</c>.</summary>
/// <param name="Members">The names of the initial members.</param>
/// <param name="Algorithms">The algorithms.</param>
/// <param name="Script">The steps of <c>--script</c>; null for random steps.</param>
/// <param name="Steps">The number of random steps.</param>
/// <param name="Seed">The seed of the random steps.</param>
/// <param name="Keys">The number of keys.</param>
/// <param name="Replicas">The number of replicas of a key.</param>
/// <param name="Tokens">The number of tokens per unit of weight, for algorithms with tokens.</param>
/// <param name="HasCost">Whether times and sizes are measured.</param>
/// <param name="Output">The format; null means the table.</param>
/// <param name="Color">Whether to use colours.</param>
internal sealed record SimulateSettings(
    ImmutableArray<string> Members, ImmutableArray<Algorithm> Algorithms, ImmutableArray<Step>? Script, int Steps, int Seed,
    int Keys, int Replicas, int Tokens, bool HasCost, OutputFormat? Output, ColorMode Color)
{
    /// <summary>Gets the steps for an algorithm. They are equal for all algorithms that support them.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>The steps.</returns>
    public ImmutableArray<Step> StepsFor(Algorithm algorithm) =>
        Script ?? SimulationScript.Random(Seed, Steps, Members, algorithm.LastOnly);
}
