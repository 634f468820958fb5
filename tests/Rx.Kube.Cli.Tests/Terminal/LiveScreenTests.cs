using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Tests.Terminal;

public class LiveScreenTests
{
    [Fact]
    public void Only_changed_lines_are_written()
    {
        using var terminal = new StringWriter();
        using var screen = new LiveScreen(terminal, LinePrinter.Plain);
        screen.Show(Lines("one", "two", "three"), (80, 24));
        terminal.GetStringBuilder().Clear();

        screen.Show(Lines("one", "2", "three"), (80, 24));
        Assert.Equal("\e[?2026h\e[2;1H2\e[0m\e[K\e[?2026l", terminal.ToString());

        terminal.GetStringBuilder().Clear();
        screen.Show(Lines("one", "2", "three"), (80, 24));
        Assert.Equal("", terminal.ToString());
    }

    [Fact]
    public void Missing_lines_are_erased()
    {
        using var terminal = new StringWriter();
        using var screen = new LiveScreen(terminal, LinePrinter.Plain);
        screen.Show(Lines("one", "two"), (80, 24));
        terminal.GetStringBuilder().Clear();

        screen.Show(Lines("one"), (80, 24));
        Assert.Equal("\e[?2026h\e[2;1H\e[K\e[?2026l", terminal.ToString());
    }

    [Fact]
    public void A_new_size_redraws_all_lines()
    {
        using var terminal = new StringWriter();
        using var screen = new LiveScreen(terminal, LinePrinter.Plain);
        screen.Show(Lines("one"), (80, 24));
        terminal.GetStringBuilder().Clear();

        screen.Show(Lines("one"), (100, 24));
        Assert.Equal("\e[?2026h\e[2J\e[1;1Hone\e[0m\e[K\e[?2026l", terminal.ToString());
    }

    [Fact]
    public void Dispose_restores_the_terminal_once_and_later_frames_are_ignored()
    {
        using var terminal = new StringWriter();
        var screen = new LiveScreen(terminal, LinePrinter.Plain);
        screen.Show(Lines("one"), (80, 24));
        Assert.StartsWith("\e[?2026h\e[?1049h\e[?25l", terminal.ToString(), StringComparison.Ordinal);

        screen.Dispose();
        screen.Dispose();
        screen.Show(Lines("two"), (80, 24));

        Assert.EndsWith("one\e[0m\e[K\e[?2026l\e[0m\e[?7h\e[?25h\e[?1l\e>\e[?1049l", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_screen_that_was_never_shown_is_not_restored()
    {
        using var terminal = new StringWriter();
        new LiveScreen(terminal, LinePrinter.Plain).Dispose();
        Assert.Equal("", terminal.ToString());
    }

    private static Line[] Lines(params string[] texts) => [.. texts.Select(t => new Line().Add(t))];
}
