using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Creates the options that all commands have for their output.</summary>
internal static class OutputOptions
{
    private const string TemplatePrefix = "template=";

    private static readonly Dictionary<string, ColorMode> _colors = new(StringComparer.Ordinal)
    {
        ["auto"] = ColorMode.Auto,
        ["always"] = ColorMode.Always,
        ["never"] = ColorMode.Never,
    };

    /// <summary>Creates the option <c>-o</c>.</summary>
    /// <param name="description">The description of the formats.</param>
    /// <param name="formats">The formats of the command.</param>
    /// <returns>The option; its value is null when the option is not given.</returns>
    public static Option<OutputChoice?> Format(string description, params OutputFormat[] formats)
    {
        var choices = ChoicesOf(formats);
        return new Option<OutputChoice?>("--output", "-o")
        {
            Description = description,
            HelpName = string.Join('|', choices.Keys),
            CustomParser = result => Choose(result, choices, out var choice) ? choice : null,
        }.Completed(choices.Keys);
    }

    /// <summary>Creates the option <c>-o</c> of a command that also prints templates.</summary>
    /// <param name="description">The description of the other formats.</param>
    /// <param name="shape">Gets the fields that a template may name, which may depend on other options.</param>
    /// <param name="formats">The other formats of the command.</param>
    /// <returns>The option; its value is null when the option is not given.</returns>
    public static Option<OutputChoice?> Format(string description, Func<SymbolResult, Shape> shape, params OutputFormat[] formats)
    {
        var option = Format(description + " template=TEXT: fields of the JSON, such as {{.service}}.", formats);
        var choices = ChoicesOf(formats);
        choices.Add(TemplatePrefix + "TEXT", new OutputChoice(OutputFormat.Json));
        option.HelpName = string.Join('|', choices.Keys);
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!text.StartsWith(TemplatePrefix, StringComparison.Ordinal))
            {
                return Choose(result, choices, out var choice) ? choice : null;
            }

            var (template, mistake) = Template.Parse(text[TemplatePrefix.Length..], shape(result));
            if (mistake is not null)
            {
                result.AddError($"{Typed(result)} template: {mistake}");
            }

            return new OutputChoice(OutputFormat.Json, template);
        };
        return option.Completed([.. formats.Select(NameOf), TemplatePrefix]);
    }

    private static Dictionary<string, OutputChoice> ChoicesOf(OutputFormat[] formats) =>
        formats.ToDictionary(NameOf, f => new OutputChoice(f), StringComparer.Ordinal);

    private static string NameOf(OutputFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Sets what a shell completes the value of an option with.</summary>
    /// <typeparam name="T">The type of the option.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="values">The values.</param>
    /// <returns>The option.</returns>
    public static Option<T> Completed<T>(this Option<T> option, IEnumerable<string> values)
    {
        option.CompletionSources.Clear(); // those of an enumeration are its names in C#
        option.CompletionSources.Add([.. values]);
        return option;
    }

    /// <summary>Creates the option <c>--color</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<ColorMode> Color() => new Option<ColorMode>("--color")
    {
        Description = "Whether to use colours. auto: on a terminal, unless NO_COLOR is set. Default: auto.",
        HelpName = string.Join('|', _colors.Keys),
        CustomParser = result => Choose(result, _colors, out var color) ? color : default,
    }.Completed(_colors.Keys);

    /// <summary>Creates an option that takes a whole number.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="usual">The default.</param>
    /// <param name="least">The smallest allowed number.</param>
    /// <param name="most">The largest allowed number.</param>
    /// <param name="description">The description in the help.</param>
    /// <returns>The option.</returns>
    public static Option<int> Number(string name, int usual, int least, int most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) &&
                number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name} '{text}' is not a whole number from {least} to {most}.");
            return usual;
        },
    };

    /// <summary>Describes a value that is none of the valid ones.</summary>
    /// <param name="result">The parsed value of an option.</param>
    /// <param name="text">The value.</param>
    /// <param name="choices">The valid values.</param>
    /// <returns>A line that names the option as the user typed it, and the nearest value.</returns>
    public static string NotOneOf(SymbolResult result, string text, IReadOnlyCollection<string> choices) =>
        $"{Typed(result)} '{text}' is not one of {string.Join(", ", choices)}.{NearNames.Question(text, choices)}";

    /// <summary>Gets the name of an option as the user typed it.</summary>
    /// <param name="result">The parsed option or its value.</param>
    /// <returns>The name, for example <c>-o</c>.</returns>
    public static string Typed(SymbolResult result) =>
        (result as OptionResult ?? result.Parent as OptionResult)?.IdentifierToken?.Value ?? "";

    private static bool Choose<T>(ArgumentResult result, Dictionary<string, T> choices, out T value)
    {
        var text = result.Tokens[0].Value;
        if (!choices.TryGetValue(text, out value!))
        {
            result.AddError(NotOneOf(result, text, choices.Keys));
            return false;
        }

        return true;
    }
}

/// <summary>Represents the value of <c>-o</c>.</summary>
/// <param name="Format">The format; <see cref="OutputFormat.Json"/> for a template, which prints fields of the JSON.</param>
/// <param name="Template">The template, or null.</param>
internal sealed record OutputChoice(OutputFormat Format, Template? Template = null);
