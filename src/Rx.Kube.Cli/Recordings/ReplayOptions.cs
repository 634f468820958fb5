using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Pages;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Holds the arguments and the options of <c>rxkube replay</c>.</summary>
internal sealed class ReplayOptions
{
    private const string Fastest = "max";
    private const double MaxSpeed = 1_000_000;

    private static readonly Dictionary<string, ReplayView> _views = new(StringComparer.Ordinal)
    {
        ["watch"] = ReplayView.Watch,
        ["ring"] = ReplayView.Ring,
        ["explain"] = ReplayView.Explain,
        ["tree"] = ReplayView.Tree,
    };

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "The recording: of 'rxkube record', or what 'kubectl get endpointslices -w --output-watch-events -o json' printed. " +
            "Two with --diff.",
        Arity = new ArgumentArity(1, 2),
    };

    private readonly Option<ReplayView> _view = new("--view")
    {
        Description = "The view: that of 'rxkube watch', of 'rxkube ring', of 'rxkube explain' at the end, or of " +
            "'rxkube tree --watch'. Default: watch.",
        HelpName = "watch|ring|explain|tree",
    };

    private readonly Option<string?> _key = new("--key") { Description = "The key of --view explain.", HelpName = "KEY" };

    private readonly Option<double?> _speed = new("--speed")
    {
        Description = "How fast: 2 or 2x is twice as fast as recorded, 0.5 is half as fast, max does not wait. " +
            "Default: 1 for a live table, else max.",
        HelpName = "N|max",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Where to start: a time since the start of the recording (90s, 1h30m), or a time of day (2026-11-27T03:04:05Z). " +
            "The state at that time comes first.",
        HelpName = "TIME",
    };

    private readonly Option<string?> _until = new("--until")
    {
        Description = "Where to end, in the notation of --from.",
        HelpName = "TIME",
    };

    private readonly Option<bool> _step = new("--step") { Description = "In a live table, go on with the space bar, Enter or n." };
    private readonly Option<bool> _diff = new("--diff")
    {
        Description = "Compare the last rings of two recordings. Exit code 0: they are equal; 1: they differ.",
    };

    private readonly Option<TimeSpan?> _hold = ServiceOptions.Hold();
    private readonly Option<bool> _once = new("--once") { Description = "Print the first complete snapshot and exit." };
    private readonly Option<int> _replicas = RingOptions.Replicas();
    private readonly Option<int> _tokens = RingOptions.Tokens();
    private readonly Option<string?> _self = new("--self")
    {
        Description = "With each change of --view ring, also print what this member gains and loses.",
        HelpName = "MEMBER",
    };

    private readonly Option<OutputChoice?> _output;

    private readonly Option<WebAddress?> _web = WebOption.Create();
    private readonly Option<ColorMode> _color = OutputOptions.Color();

    /// <summary>Initializes the options.</summary>
    public ReplayOptions() => _output = OutputOptions.Format(
        "table: redrawn on a terminal. text: a line per change. json: a line per snapshot. Default: table on a terminal, else text.",
        ShapeOf, OutputFormat.Table, OutputFormat.Text, OutputFormat.Json);

    /// <summary>Adds the arguments and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _view.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!_views.TryGetValue(text, out var view))
            {
                result.AddError(OutputOptions.NotOneOf(result, text, _views.Keys));
            }

            return view;
        };
        _view.Completed(_views.Keys);
        _speed.CustomParser = Speed;
        _speed.Completed(["0.5", "1", "2", "10", Fastest]);
        _files.Validators.Add(result =>
        {
            // An argument of several values takes options that are not known.
            foreach (var token in result.Tokens.Where(t => t.Value.Length > 1 && t.Value.StartsWith('-')))
            {
                var known = command.Options.SelectMany(o => o.Aliases.Append(o.Name));
                result.AddError($"'{token.Value}' is not an option of 'rxkube replay'.{NearNames.Question(token.Value, known)}");
            }
        });
        command.Arguments.Add(_files);
        Option[] options =
        [
            _view, _key, _speed, _from, _until, _step, _diff, _once, _hold, _replicas, _tokens, _self, _web, _output, _color,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public ReplaySettings Read(ParseResult result) => new([.. result.GetRequiredValue(_files)])
    {
        View = result.GetValue(_view),
        Key = result.GetValue(_key),
        Speed = result.GetValue(_speed),
        From = result.GetValue(_from),
        Until = result.GetValue(_until),
        Step = result.GetValue(_step),
        Diff = result.GetValue(_diff),
        Once = result.GetValue(_once),
        Hold = result.GetValue(_hold) ?? TimeSpan.Zero,
        Replicas = result.GetValue(_replicas),
        Tokens = result.GetValue(_tokens),
        Self = result.GetValue(_self),
        Web = result.GetValue(_web),
        Output = result.GetValue(_output)?.Format,
        Template = result.GetValue(_output)?.Template,
        Color = result.GetValue(_color),
    };

    private Shape ShapeOf(SymbolResult result) =>
        result.GetResult(_diff) is { Implicit: false } ? Shapes.Diff : result.GetResult(_view)?.Tokens switch
        {
            [{ Value: "ring" }] => Shapes.Ring,
            [{ Value: "explain" }] => Shapes.Explain,
            [{ Value: "tree" }] => Shapes.Tree,
            _ => Shapes.Watch,
        };

    private static double? Speed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == Fastest)
        {
            return double.PositiveInfinity;
        }

        if (double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed)
            && speed > 0 && speed <= MaxSpeed)
        {
            return speed;
        }

        result.AddError($"--speed '{text}' is not a speed. To fix: write 2, 0.5 or {Fastest}; at most {MaxSpeed:0}.");
        return null;
    }

    private void Check(CommandResult result)
    {
        var files = result.GetValue(_files)?.Length ?? 0;
        if (result.GetValue(_diff) != (files == 2) && files > 0)
        {
            result.AddError(files == 2
                ? "Two recordings can only be compared. To fix: write --diff, or name one recording."
                : "--diff compares two recordings. To fix: name another one.");
        }

        // The value of an option with a mistake cannot be read.
        var isExplain = result.GetResult(_view)?.Tokens is [{ Value: "explain" }];
        if (isExplain != (result.GetResult(_key) is not null))
        {
            result.AddError("--view explain and --key KEY need each other.");
        }

        Option[] printing = [_output, _once, _self, _step, _diff];
        if (result.GetResult(_web) is not null && result.GetResult(_view)?.Tokens is not [{ Value: "ring" }])
        {
            result.AddError("--web shows the page of a ring. To fix: write --view ring.");
        }
        else if (result.GetResult(_web) is not null &&
            printing.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } other)
        {
            result.AddError($"--web shows a page and cannot be combined with {other.Name}.");
        }

        if (result.GetValue(_step) && result.GetResult(_speed) is not null)
        {
            result.AddError("--step waits for a key and cannot be combined with --speed.");
        }
    }
}

/// <summary>Holds the settings of <c>rxkube replay</c>.</summary>
/// <param name="Files">One recording; two with <c>--diff</c>.</param>
internal sealed record ReplaySettings(EquatableArray<string> Files)
{
    /// <summary>Gets the view.</summary>
    public ReplayView View { get; init; }

    /// <summary>Gets the key of the view of explain, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Gets how many times faster than recorded; infinite for no waits, null for the default.</summary>
    public double? Speed { get; init; }

    /// <summary>Gets where to start, or null.</summary>
    public string? From { get; init; }

    /// <summary>Gets where to end, or null.</summary>
    public string? Until { get; init; }

    /// <summary>Gets whether to go on at each key.</summary>
    public bool Step { get; init; }

    /// <summary>Gets whether to compare two recordings.</summary>
    public bool Diff { get; init; }

    /// <summary>Gets whether to stop after the first complete snapshot.</summary>
    public bool Once { get; init; }

    /// <summary>Gets how long a member that left keeps its place, in recorded time; zero for not at all.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>Gets the number of replicas of a key.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Gets the number of tokens per unit of weight.</summary>
    public int Tokens { get; init; } = RingLayout.DefaultTokensPerWeight;

    /// <summary>Gets the member whose gains and losses are printed, or null.</summary>
    public string? Self { get; init; }

    /// <summary>Gets where to serve the page of the ring; null to print.</summary>
    public WebAddress? Web { get; init; }

    /// <summary>Gets the output format; null selects the table on a terminal and text otherwise.</summary>
    public OutputFormat? Output { get; init; }

    /// <summary>Gets the template that prints fields of the JSON; null to print the output as it is.</summary>
    public Template? Template { get; init; }

    /// <summary>Gets whether to use colours.</summary>
    public ColorMode Color { get; init; }
}

/// <summary>Specifies a view of a recording.</summary>
internal enum ReplayView
{
    /// <summary>That of <c>rxkube watch</c>.</summary>
    Watch,

    /// <summary>That of <c>rxkube ring</c>.</summary>
    Ring,

    /// <summary>That of <c>rxkube explain</c>.</summary>
    Explain,

    /// <summary>That of <c>rxkube tree --watch</c>; of <c>rxkube tree</c> with <c>--once</c>.</summary>
    Tree,
}
