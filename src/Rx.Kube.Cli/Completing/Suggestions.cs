using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Completing;

/// <summary>
/// Answers the shells: <c>rxkube "[suggest:19]" "rxkube watch cache --"</c> prints one line for each word that can follow or complete the
/// last one. The number is the position of the cursor.
/// </summary>
/// <param name="root">The command with all commands and their options.</param>
internal sealed class Suggestions(RootCommand root) : SynchronousCommandLineAction
{
    /// <summary>Replaces the answers of the parser.</summary>
    /// <param name="root">The command with all commands and their options.</param>
    public static void AddTo(RootCommand root) => root.Directives.OfType<SuggestDirective>().Single().Action = new Suggestions(root);

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(t => t.Type != TokenType.Directive)?.Value ?? "";
        var directive = parseResult.Tokens.FirstOrDefault(t => t.Type == TokenType.Directive)?.Value.Trim('[', ']').Split(':') ?? [];
        var cursor = directive is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? at : line.Length;
        foreach (var word in Of(line[..Math.Min(cursor, line.Length)]))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        }

        return ExitCode.Stopped;
    }

    /// <summary>Finds the words that complete a line.</summary>
    /// <param name="line">The line up to the cursor; its first word is the name of the tool.</param>
    /// <returns>Whole words, sorted. Options only after a hyphen.</returns>
    public IEnumerable<string> Of(string line)
    {
        var words = CommandLineParser.SplitCommandLine(line).Skip(1).ToList();
        var current = line.Length == 0 || char.IsWhiteSpace(line[^1]) || words.Count == 0 ? "" : words[^1];
        var before = current.Length > 0 ? words[..^1] : words;

        // --name=value is completed as --name value.
        var isAssignment = current.StartsWith("--", StringComparison.Ordinal) && current.Contains('=', StringComparison.Ordinal);
        var (name, value) = isAssignment && current.Split('=', 2) is [var option, var rest] ? (option, rest) : ("", current);
        string[] args = isAssignment ? [.. before, name] : [.. before];
        var text = string.Concat(KubectlArguments.Rewrite(root, args).Select(arg => Quote(arg) + " ")) + value;
        return Words(text)
            .Where(word => word.StartsWith(value, StringComparison.Ordinal) && IsWanted(word, value))
            .Select(word => isAssignment ? $"{name}={word}" : word)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private List<string> Words(string line)
    {
        try
        {
            var parsed = root.Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return [.. parsed.GetCompletions().Select(c => c.InsertText ?? c.Label)];
        }
        catch (InvalidOperationException)
        {
            return []; // a defect of the parser: it finds no option in -oj
        }
    }

    private static string Quote(string arg) => arg.Length == 0 || arg.Any(char.IsWhiteSpace) ? $"\"{arg}\"" : arg;

    private static bool IsWanted(string word, string value) => word switch
    {
        ['-', '?'] or ['/', ..] => false, // aliases of --help from Windows
        ['-', ..] => value.StartsWith('-'),
        _ => true,
    };
}
