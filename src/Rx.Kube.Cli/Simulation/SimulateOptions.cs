using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Simulation;

/// <summary>The options of <c>rxkube simulate</c>.</summary>
internal sealed class SimulateOptions
{
    private const string All = "all";
    private const int MaxSteps = 10_000;
    private const int MaxKeys = 10_000_000;

    /// <summary>What fits into some hundred megabytes.</summary>
    private const int MaxCopies = 20_000_000;

    private readonly Option<string> _members = new("--members")
    {
        Description = "The members at the beginning: how many (cache-0, cache-1, …), or their names: a,b,c. Default: 10.",
        HelpName = "N|NAMES",
        DefaultValueFactory = _ => "10",
    };

    private readonly Option<string[]> _algorithms = new("--algorithm")
    {
        Description = "An algorithm; may be repeated to compare several. Default: all.",
        HelpName = string.Join('|', Algorithm.All.Select(a => a.Name).Append(All)),
    };

    private readonly Option<string?> _script = new("--script")
    {
        Description = "The steps, and a row for each: 'join x; leave cache-3; weight cache-1 3'. Default: steps by chance.",
        HelpName = "STEPS",
    };

    private readonly Option<int> _steps = OutputOptions.Number(
        "--steps", 10, 1, MaxSteps, "How many members join and leave by chance. Default: 10.");
    private readonly Option<int> _seed = OutputOptions.Number(
        "--seed", 1, 0, int.MaxValue, "The seed of chance: the same one gives the same steps. Default: 1.");
    private readonly Option<int> _keys = OutputOptions.Number("--keys", 100_000, 1, MaxKeys, "How many keys are followed. Default: 100000.");
    private readonly Option<int> _replicas = RingOptions.Replicas();
    private readonly Option<int> _tokens = RingOptions.Tokens();
    private readonly Option<bool> _noCost = new("--no-cost") { Description = "Measure no times and sizes: then the output is the same every time." };
    private readonly Option<OutputFormat?> _output = OutputOptions.Format(
        "table, or one line of json. Default: table.", OutputFormat.Table, OutputFormat.Json);
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _algorithms.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value != All && Algorithm.All.All(a => a.Name != t.Value)))
            {
                result.AddError($"'{token.Value}' is none of {_algorithms.HelpName!.Replace("|", ", ", StringComparison.Ordinal)}.");
            }
        });
        foreach (var option in new Option[] { _members, _algorithms, _script, _steps, _seed, _keys, _replicas, _tokens, _noCost, _output, _color })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            var hasChance = new[] { _steps, _seed }.Any(option => result.GetResult(option) is { Implicit: false });
            if (hasChance && result.GetResult(_script) is not null)
            {
                result.AddError("--script says all steps: it does not go with --steps or --seed.");
            }
        });
    }

    /// <summary>Reads them.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">They do not fit together.</exception>
    public SimulateSettings Read(ParseResult result)
    {
        var members = Members(result.GetRequiredValue(_members));
        var (keys, replicas) = (result.GetValue(_keys), result.GetValue(_replicas));
        if ((long)keys * replicas > MaxCopies)
        {
            throw new UsageException($"--keys times --replicas is {(long)keys * replicas}, more than {MaxCopies}. Cure: fewer keys.");
        }

        var names = result.GetValue(_algorithms) is { Length: > 0 } given ? given : [All];
        return new(
            members,
            [.. Algorithm.All.Where(a => names.Contains(All) || names.Contains(a.Name))],
            result.GetValue(_script) is { } script ? Script.Parse(script, members) : null,
            result.GetValue(_steps),
            result.GetValue(_seed),
            keys,
            replicas,
            result.GetValue(_tokens),
            !result.GetValue(_noCost),
            result.GetValue(_output),
            result.GetValue(_color));
    }

    private static ImmutableArray<string> Members(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
        {
            return count is >= 1 and <= RingLimits.MaxMembers
                ? [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"cache-{i}"))]
                : throw new UsageException($"--members: there can be from 1 to {RingLimits.MaxMembers} members, not {count}.");
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries).ToImmutableArray();
        return names.FirstOrDefault(n => n.Length == 0 || n.Any(c => char.IsWhiteSpace(c) || c == ';')) is { } bad
            ? throw new UsageException($"--members: '{bad}' is not a name: write how many, or names without blanks: a,b,c.")
            : names.CountBy(n => n, StringComparer.Ordinal).FirstOrDefault(n => n.Value > 1) is { Key: { } twice }
                ? throw new UsageException($"--members: {twice} is there twice.")
                : names;
    }
}
