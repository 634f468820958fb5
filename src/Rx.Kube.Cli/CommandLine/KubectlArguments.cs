using System.CommandLine;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>
/// Rewrites arguments that kubectl accepts: options before the command (<c>kubectl rxkube -n prod watch cache</c>), options with an empty
/// value, which count as not given (<c>--kubeconfig "$UNSET"</c>), and options given twice, of which the last one counts.
/// </summary>
internal static class KubectlArguments
{
    private const string EndOfOptions = "--";

    /// <summary>Rewrites arguments.</summary>
    /// <param name="root">The command with all commands and their options.</param>
    /// <param name="args">The arguments.</param>
    /// <returns>The arguments, the command first if there is one.</returns>
    public static string[] Rewrite(RootCommand root, IReadOnlyList<string> args)
    {
        // If two commands have an option of this name, the command that is named decides.
        var options = root.Subcommands.OrderBy(c => args.Contains(c.Name) ? 0 : 1).SelectMany(c => c.Options).ToList();
        var parts = new List<Part>();
        var index = 0;
        for (; index < args.Count && args[index] != EndOfOptions; index++)
        {
            var (option, value) = Find(options, args[index]);
            var isPair = option is { Arity.MinimumNumberOfValues: > 0 } && value is null && index + 1 < args.Count;
            string[] tokens = isPair ? [args[index], args[++index]] : [args[index]];
            if (option is null || (isPair ? tokens[1] : value) is not "")
            {
                parts.Add(new Part(tokens, option));
            }
        }

        var command = parts.Find(p => p.Option is null && !p.Tokens[0].StartsWith('-'));
        return
        [
            .. parts.Where((part, at) => part.Option is not { Arity.MaximumNumberOfValues: 1 } ||
                    at == parts.FindLastIndex(p => p.Option == part.Option))
                .OrderBy(part => part == command ? 0 : 1).SelectMany(part => part.Tokens),
            .. args.Skip(index),
        ];
    }

    /// <summary>Finds the option of an argument, and its value if that is in the same argument: <c>--name=value</c>.</summary>
    private static (Option? Option, string? Value) Find(List<Option> options, string arg)
    {
        var end = arg.StartsWith('-') ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
        var name = end < 0 ? arg : arg[..end];
        return (options.Find(o => o.Name == name || o.Aliases.Contains(name)), end < 0 ? null : arg[(end + 1)..]);
    }

    /// <summary>An argument, or an option with its value.</summary>
    private sealed record Part(string[] Tokens, Option? Option);
}
