using System.CommandLine;
using System.Text.RegularExpressions;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Tests.CommandLine;

/// <summary>
/// Checks that every command that is registered in RxKube.cs has all its parts: the recipe "add a command" of CONTRIBUTING.md.
/// </summary>
public class CommandCompletenessTests
{
    public static TheoryData<string> Commands => [.. Names];

    internal static IEnumerable<string> Names => All.Select(c => c.Name);

    private static IEnumerable<Command> All => RxKube.CreateRoot(new FakeHost().Host, WatchSources.OpenAsync).Subcommands;

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_every_command_equals_its_golden_file_and_has_examples(string command)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(command, "--help"));
        Assert.True(
            host.Out.Contains($"\nExamples:\n  rxkube {command} ", StringComparison.Ordinal),
            $"The help of '{command}' has no examples. " +
            $"To fix: add a case \"{command}\" to For in src/Rx.Kube.Cli/CommandLine/HelpTexts.cs.");
        Golden.Matches($"help-{command}.txt", WithToolName(host.Out));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_unknown_option_of_every_command_exits_with_two(string command)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(command, "--no-such-option"));
        Assert.Contains($"rxkube {command} --help", host.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_its_files_tests_and_documentation(string command)
    {
        var missing = Missing(
            command, Repository.Files("src/Rx.Kube.Cli"), Repository.Files("tests/Rx.Kube.Cli.Tests"), Repository.Documents());
        Assert.True(missing.Count == 0, $"The command '{command}' is incomplete. To fix:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void A_command_without_any_part_is_reported_with_the_files_to_add()
    {
        var missing = Missing(
            "imaginary", Repository.Files("src/Rx.Kube.Cli"), Repository.Files("tests/Rx.Kube.Cli.Tests"), Repository.Documents());
        Assert.Equal(5, missing.Count);
        Assert.All(
            new[] { "ImaginaryCommand.cs", "ImaginaryOptions.cs", "ImaginaryCommandTests.cs", "UsageTests.cs", "rxkube imaginary" },
            (part, index) => Assert.Contains(part, missing[index], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_the_tool_has_an_example_of_every_command(string command)
    {
        var host = new FakeHost();
        await host.RunAsync("--help");
        var examples = host.Out[host.Out.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.True(
            examples.Contains($"\n  rxkube {command} ", StringComparison.Ordinal),
            $"The help of the tool has no example of '{command}'. " +
            "To fix: add a line to the last case (_) of For in src/Rx.Kube.Cli/CommandLine/HelpTexts.cs.");
    }

    [Fact]
    public async Task Help_of_the_tool_equals_its_golden_file()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("--help"));
        Golden.Matches("help.txt", WithToolName(host.Out));
    }

    // The usage line has the name of the executable, which is the test host here.
    private static string WithToolName(string help) =>
        help.Replace($"  {RootCommand.ExecutableName} ", "  rxkube ", StringComparison.Ordinal);

    private static List<string> Missing(
        string command, IReadOnlyDictionary<string, string> sources, IReadOnlyDictionary<string, string> tests,
        IEnumerable<string> documents)
    {
        var name = string.Concat(char.ToUpperInvariant(command[0]).ToString(), command.AsSpan(1));
        var missing = new List<string>();
        if (!sources.ContainsKey($"{name}Command.cs"))
        {
            missing.Add($"- add src/Rx.Kube.Cli/<Folder>/{name}Command.cs, which runs the command and returns an exit code");
        }

        // The options of watch are the options that all commands on a Service have.
        if (!sources.ContainsKey($"{name}Options.cs") && command != "watch")
        {
            missing.Add($"- add src/Rx.Kube.Cli/<Folder>/{name}Options.cs with the options and the record {name}Settings");
        }

        if (!tests.TryGetValue($"{name}CommandTests.cs", out var test) || !Tests(test, command))
        {
            missing.Add(
                $"- add tests/Rx.Kube.Cli.Tests/<Folder>/{name}CommandTests.cs, which runs \"{command}\" " +
                $"and asserts its exit codes (ExitCode)");
        }

        if (!tests["UsageTests.cs"].Contains($"[InlineData(\"{command} ", StringComparison.Ordinal))
        {
            missing.Add($"- add rows for '{command}' to the usage errors in tests/Rx.Kube.Cli.Tests/CommandLine/UsageTests.cs");
        }

        // Commands of a Service have the option. UsageTests only checks with what it cannot be combined.
        var demo = $"\"{command} [^\"]*--demo|Start\\(\"{command}\", .*\"--demo\"";
        if (All.Any(c => c.Name == command && c.Options.Any(o => o.Name == "--demo")) &&
            !tests.Any(t => t.Key != "UsageTests.cs" && Regex.IsMatch(t.Value, demo)))
        {
            missing.Add($"- run '{command} … --demo' in tests/Rx.Kube.Cli.Tests/Rings/RingEndToEndTests.cs");
        }

        if (!documents.Any(d => d.Contains($"rxkube {command}", StringComparison.Ordinal)))
        {
            missing.Add($"- describe 'rxkube {command}' in README.md or in a page of docs");
        }

        return missing;
    }

    private static bool Tests(string test, string command) =>
        test.Contains($"\"{command}\"", StringComparison.Ordinal) && test.Contains("ExitCode.", StringComparison.Ordinal);
}
