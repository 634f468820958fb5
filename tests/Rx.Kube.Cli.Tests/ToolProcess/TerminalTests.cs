using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Cli.Tests.ToolProcess;

/// <summary>Runs the tool as a process on a pseudo terminal.</summary>
[Collection("ToolProcess")] // one process at a time: the other tests need the processors, too
public class TerminalTests
{
    [Fact]
    public async Task Keys_are_not_echoed_into_the_live_table_and_q_quits_with_zero()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // The numbers of the pseudo terminal are those of Linux.
        }

        await using var terminal = new PseudoTerminal((80, 24), "watch cache --demo");
        await terminal.WaitForAsync("LIVE");
        terminal.Type("xyzzy");
        terminal.Type("q");
        Assert.Equal(ExitCode.Stopped, await terminal.ExitCodeAsync());
        Assert.DoesNotContain("xyzzy", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("q or Ctrl+C to stop", terminal.Output, StringComparison.Ordinal);
        var applicationMode = terminal.Output.LastIndexOf("\e[?1h", StringComparison.Ordinal);
        Assert.True(
            terminal.Output.LastIndexOf("\e[?1l", StringComparison.Ordinal) > applicationMode,
            "The cursor keys stay in the application mode.");
        Assert.False(Screen.After(terminal.Output).IsAlternate);
        await terminal.WaitForAsync(" icanon iexten echo "); // the settings of the terminal after the end
    }

    [Theory]
    [InlineData("\e[B", "\e[6~")] // the normal mode of the cursor keys
    [InlineData("\eOB", "\e[6~")] // the application mode
    public async Task Keys_of_a_terminal_scroll_and_filter_and_the_last_state_stays(string down, string pageDown)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var terminal = new PseudoTerminal((80, 8), "watch cache --demo --color never");
        await terminal.WaitForAsync("rows 1-2 of ");
        terminal.Type(down);
        await terminal.WaitForAsync("rows 2-3 of ");
        terminal.Type(pageDown);
        await terminal.WaitForAsync("rows 4-5 of ");
        terminal.Type("/CACHE-[");
        await terminal.WaitForAsync("invalid: unterminated bracket");
        terminal.Type("\x7f\r"); // backspace, Enter
        await terminal.WaitForAsync("filter: CACHE- (");
        terminal.Type("\e");
        await terminal.WaitForAsync("/ to filter");
        terminal.Type("q");
        Assert.Equal(ExitCode.Stopped, await terminal.ExitCodeAsync());
        var left = terminal.Output[terminal.Output.LastIndexOf("\e[?1049l", StringComparison.Ordinal)..];
        Assert.Contains("cache in demo", left, StringComparison.Ordinal);
        Assert.Contains("MEMBER", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_of_unknown_size_is_80_by_24()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var terminal = new PseudoTerminal((0, 0), "watch cache --demo");
        await terminal.WaitForAsync("LIVE");
        await terminal.WaitForAsync("\e[24;1H");
        var screen = Screen.After(terminal.Output).ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(24, screen.Length);
        Assert.Contains("── CHANGES " + new string('─', 69), screen);
        Assert.Contains("Ctrl+C to stop", screen[^1], StringComparison.Ordinal);
    }
}
