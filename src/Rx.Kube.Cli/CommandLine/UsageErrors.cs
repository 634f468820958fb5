using System.CommandLine;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Describes what is wrong with a command line, with the nearest valid name.</summary>
internal static class UsageErrors
{
    private static readonly string[] _serviceTypes = ["svc", "service", "services"];

    /// <summary>Describes the mistakes.</summary>
    /// <param name="parsed">A parsed command line with errors.</param>
    /// <param name="root">The command with all commands.</param>
    /// <param name="args">The arguments as typed.</param>
    /// <returns>One line for each mistake. Not escaped.</returns>
    public static IReadOnlyList<string> Of(ParseResult parsed, RootCommand root, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult.Command;
        var commands = root.Subcommands.Select(c => c.Name).ToList();
        var options = parsed.UnmatchedTokens.Where(IsOption).Select(token => token.Split('=', 2)[0]).ToList();
        var unknown = options.Where(name => command != root || !Names(root.Subcommands).Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            var known = Names(command == root ? [root, .. root.Subcommands] : [command, root]);
            var of = command == root ? "" : $" of 'rxkube {command.Name}'";
            return [.. unknown.Select(name => $"'{name}' is not an option{of}.{NearNames.Question(name, known)}")];
        }

        // The command is the first argument, because the arguments are rewritten.
        return (command == root, parsed.UnmatchedTokens) switch
        {
            (true, [var typed, ..]) when !IsOption(typed) => [$"'{typed}' is not a command.{NearNames.Question(typed, commands)}"],
            (true, _) => [$"A command is missing. To fix: name one of {string.Join(", ", commands)}."],
            (false, [var surplus, ..]) => [FlagOf(surplus, args) ?? Surplus(parsed, surplus)],
            _ => [.. parsed.Errors.Select(e => e.Message)],
        };
    }

    /// <summary>Describes <c>--once=ture</c>, which the parser divides; null for another argument.</summary>
    private static string? FlagOf(string value, IReadOnlyList<string> args) =>
        args.FirstOrDefault(a => IsOption(a) && a.EndsWith("=" + value, StringComparison.Ordinal)) is { } flag
            ? $"{flag[..^(value.Length + 1)]} '{value}' is not true or false.{NearNames.Question(value, ["true", "false"])}"
            : null;

    private static string Surplus(ParseResult parsed, string surplus)
    {
        var first = parsed.CommandResult.Tokens.Select(token => token.Value).Take(2).ToList();
        return first is [var type, ..] && _serviceTypes.Contains(type)
            ? $"'{surplus}' is one argument too many. To fix: write svc/{(first is [_, var name] ? name : surplus)}."
            : $"'{surplus}' is one argument too many.";
    }

    private static bool IsOption(string token) => token.Length > 1 && token.StartsWith('-');

    private static List<string> Names(IEnumerable<Command> commands) =>
        [.. commands.SelectMany(c => c.Options).Where(o => !o.Hidden).SelectMany(o => o.Aliases.Append(o.Name))];
}
