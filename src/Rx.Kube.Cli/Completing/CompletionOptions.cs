using System.CommandLine;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Completing;

/// <summary>Holds the argument of <c>rxkube completion</c>.</summary>
internal sealed class CompletionOptions
{
    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = "The shell: bash, zsh, fish or powershell.",
        HelpName = "SHELL",
    };

    /// <summary>Initializes the argument.</summary>
    public CompletionOptions()
    {
        var shells = CompletionScripts.ByShell.Keys.ToList();
        _shell.CompletionSources.Add([.. shells]);
        _shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !shells.Contains(name))
            {
                result.AddError($"'{name}' is not one of {string.Join(", ", shells)}.{NearNames.Question(name, shells)}");
            }
        });
    }

    /// <summary>Adds the argument to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command) => command.Arguments.Add(_shell);

    /// <summary>Reads the shell from a parsed command line.</summary>
    /// <param name="result">The parsed command line, without errors.</param>
    /// <returns>The settings.</returns>
    public CompletionSettings Read(ParseResult result) => new(result.GetRequiredValue(_shell));
}

/// <summary>Holds the settings of <c>rxkube completion</c>.</summary>
/// <param name="Shell">The shell.</param>
internal sealed record CompletionSettings(string Shell);
