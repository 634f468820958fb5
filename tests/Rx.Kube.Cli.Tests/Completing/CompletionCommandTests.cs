using System.Diagnostics;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Completing;

public class CompletionCommandTests
{
    [Theory]
    [InlineData("rxkube wa", "wait watch")]
    [InlineData("rxkube -n prod wa", "wait watch")]
    [InlineData("rxkube watch cache --co", "--color --context")]
    [InlineData("kubectl-rxkube watch cache --co", "--color --context")]
    [InlineData("rxkube watch cache -o ", "json table template= text")]
    [InlineData("rxkube watch cache --output=j", "--output=json")]
    [InlineData("rxkube rbac x -o ", "json yaml")]
    [InlineData("rxkube watch cache --color=", "--color=always --color=auto --color=never")]
    [InlineData("rxkube watch -n \"a b\" --kubec", "--kubeconfig")]
    [InlineData("rxkube replay FILE --view ", "explain ring tree watch")]
    [InlineData("rxkube replay FILE --speed ", "0.5 1 10 2 max")]
    [InlineData("rxkube simulate --algorithm ren", "rendezvous")]
    [InlineData("rxkube rbac t", "tree")]
    [InlineData("rxkube completion ", "bash fish powershell zsh")]
    [InlineData("rxkube replay ", "")] // the shell completes the names of files
    [InlineData("rxkube watch ", "")]
    [InlineData("rxkube watch cache -oj", "")]
    [InlineData("rxkube watch \"unclosed ", "")]
    [InlineData("rxkube watch cache --no-such", "")]
    public async Task A_shell_asks_for_the_words_that_complete_a_line(string line, string expected)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync($"[suggest:{line.Length}]", line));
        Assert.Equal(expected, string.Join(' ', host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("", host.Error);
    }

    [Theory]
    [InlineData("[suggest:9]", "wait watch")]
    [InlineData("[suggest:8]", "wait watch")]
    [InlineData("[suggest:99999999999999999999]", "")]
    [InlineData("[suggest:-1]", "")]
    [InlineData("[suggest]", "")]
    public async Task Only_the_line_up_to_the_cursor_counts(string directive, string expected)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(directive, "rxkube wa cache --once x"));
        Assert.Equal(expected, string.Join(' ', host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Without_a_word_all_commands_are_answered_and_no_option()
    {
        var host = new FakeHost();
        await host.RunAsync("[suggest:7]", "rxkube ");
        Assert.Equal(
            CommandLine.CommandCompletenessTests.Names.Order(StringComparer.Ordinal),
            host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _rxkube rxkube")]
    [InlineData("zsh", "#compdef rxkube")]
    [InlineData("fish", "complete -c rxkube")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName rxkube")]
    public async Task The_script_of_each_shell_says_how_to_install_it_and_asks_the_tool(string shell, string registration)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("completion", shell));
        Assert.Contains(registration, host.Out, StringComparison.Ordinal);
        Assert.Contains($"rxkube completion {shell}", host.Out, StringComparison.Ordinal);
        Assert.Contains("rxkube \"[suggest:", host.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', host.Out);
        Assert.Equal("", host.Error);
    }

    [Fact]
    public async Task Contexts_namespaces_and_services_come_from_the_kubeconfig_and_the_cluster()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        foreach (var (name, service) in new[] { ("a", "cache"), ("b", "cache"), ("c", "web") })
        {
            server.Cluster.Apply(Testing.Slice.Of(name, service, @namespace: "prod").Manifest());
        }

        foreach (var name in new[] { "prod", "dev" })
        {
            server.Cluster.Apply($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        }

        server.Cluster.Apply(Testing.Slice.Of("d", "shop", @namespace: "dev").Manifest());
        var known = $"--kubeconfig {config.Path}";
        Assert.Equal("test", await AnswerAsync($"rxkube watch cache {known} --context "));
        Assert.Equal("cache web", await AnswerAsync($"rxkube watch {known} "));
        Assert.Equal("web", await AnswerAsync($"rxkube ring {known} w"));
        Assert.Equal("shop", await AnswerAsync($"rxkube explain {known} -n dev "));
        Assert.Equal("--namespace=dev --namespace=prod", await AnswerAsync($"rxkube tree cache {known} --namespace="));

        server.Offline = true;
        Assert.Equal("", await AnswerAsync($"rxkube watch {known} "));
        Assert.Equal("", await AnswerAsync("rxkube watch --kubeconfig /nowhere/config "));
        Assert.Equal("", await AnswerAsync("rxkube watch cache --kubeconfig /nowhere/config --context "));

        static async Task<string> AnswerAsync(string line)
        {
            var tool = new InProcessTool();
            tool.Start($"[suggest:{line.Length}]", line);
            Assert.Equal(ExitCode.Stopped, await tool.EndAsync());
            Assert.Equal("", tool.Error);
            return string.Join(' ', tool.Rest().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [ShellFact("bash")]
    public async Task Bash_completes_commands_options_and_values()
    {
        Assert.Equal(
            ["wait watch", "--color --context", "json table template= text", "always auto", ""],
            await LinesOfAsync("bash", """
                source <(rxkube completion bash)
                ask() { # as readline calls it
                    COMP_LINE=$1 COMP_POINT=${#1}
                    _rxkube
                    echo "${COMPREPLY[*]}"
                }
                ask 'rxkube wa'
                ask 'rxkube watch cache --co'
                ask 'rxkube watch cache -o '
                ask 'rxkube watch cache --color=a'
                ask 'rxkube replay '
                """));
    }

    [ShellFact("fish")]
    public async Task Fish_completes_commands_and_values()
    {
        Assert.Equal(
            ["wait", "watch", "--color=always", "--color=auto"],
            await LinesOfAsync("fish", """
                source (rxkube completion fish | psub)
                complete -C 'rxkube wa'
                complete -C 'rxkube watch cache --color=a'
                """));
    }

    [ShellFact("zsh")]
    public async Task Zsh_reads_the_script()
    {
        Assert.Equal(["_rxkube"], await LinesOfAsync("zsh", """
            autoload -U compinit; compinit -u -D
            source <(rxkube completion zsh)
            echo $_comps[rxkube]
            """));
    }

    [ShellFact("zsh")]
    public async Task Zsh_completes_what_is_typed()
    {
        // A shell in a terminal of its own, where Ctrl+X prints the line instead of running it.
        Assert.Equal(
            ["rxkube watch ", "rxkube watch cache --color=always ", "rxkube rbac tree ", "rxkube watch cache --output=te"],
            await LinesOfAsync("zsh", """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell 'PS1= RPS1= TERM=dumb; autoload -U compinit; compinit -u -D; source <(rxkube completion zsh)'
                zpty -w shell 'show() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show; bindkey "^I" complete-word'
                zpty -w shell 'print READ""Y'
                zpty -r shell answer '*READY*'
                for line in 'rxkube wat' 'rxkube watch cache --color=al' 'rxkube rbac tr' 'rxkube watch cache --output=te'; do
                    zpty -w -n shell "$line"$'\t\x18'
                    zpty -r shell answer '*<*>*'
                    print -r -- "${${answer##*<}%%>*}"
                done
                zpty -d shell
                """));
    }

    [ShellFact("pwsh")]
    public async Task PowerShell_completes_commands_options_and_values()
    {
        Assert.Equal(
            ["wait,watch", "--color=always,--color=auto", "json,table,template=,text", "wait,watch", "--kubeconfig", "./recording"],
            await LinesOfAsync("pwsh", """
                rxkube completion powershell | Out-String | Invoke-Expression
                function Ask($line, $cursor = $line.Length) {
                    (TabExpansion2 $line $cursor).CompletionMatches.CompletionText -join ','
                }
                Ask 'rxkube wa'
                Ask 'rxkube watch cache --color=a'
                Ask 'rxkube watch cache -n "a b" -o '
                Ask 'rxkube wa cache --once' 9
                Ask 'Get-Date; rxkube watch cache --kubec'
                Set-Content ./recording ''
                Ask 'rxkube replay rec'
                """));
    }

    // The shell finds the tool by its name.
    private static async Task<string[]> LinesOfAsync(string shell, string script)
    {
        var folder = Directory.CreateTempSubdirectory("rxkube-completion-");
        try
        {
            var tool = Path.Combine(folder.FullName, "rxkube");
            await File.WriteAllTextAsync(
                tool, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "rxkube.dll")}' \"$@\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            using var process = Process.Start(new ProcessStartInfo(shell, ["-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["PATH"] = folder.FullName + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
                    ["HOME"] = folder.FullName,
                    ["DOTNET_CLI_HOME"] = folder.FullName,
                    ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
                    ["POWERSHELL_UPDATECHECK"] = "Off",
                },
            })!;
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(90));
            await process.WaitForExitAsync();
            return output.ReplaceLineEndings("\n").Split('\n')[..^1];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
