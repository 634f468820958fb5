using System.Globalization;
using System.Text;

namespace Rx.Kube.Cli.Terminal;

/// <summary>
/// Draws on the alternate screen of a terminal; at the end, the earlier content returns, with the last lines below it. Only changed
/// lines are written, with one call, so that the screen does not flicker. Not safe for concurrent use, except <see cref="Dispose"/>.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="printer">Renders lines as text.</param>
internal sealed class LiveScreen(TextWriter terminal, LinePrinter printer) : IDisposable
{
    // Alternate screen, cursor and line wrap: xterm's private modes 1049, 25 and 7. 2026: synchronized output.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l\e[2J";
    // The runtime switches the cursor keys and the keypad to their application mode, and does not switch them back.
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1l\e>\e[?1049l";
    private const string BeginFrame = "\e[?2026h";
    private const string EndFrame = "\e[?2026l";

    private readonly Lock _gate = new();
    private string[] _shown = [];
    private (int Width, int Height) _size;
    private bool _isEntered;
    private bool _isSuspended;
    private bool _isDisposed;
    private Func<IReadOnlyList<Line>> _last = () => [];

    /// <summary>Shows lines from the top of the screen. After Dispose it does nothing.</summary>
    /// <param name="lines">The lines, each at most as wide as the screen.</param>
    /// <param name="size">The size of the screen. A new size redraws all lines.</param>
    public void Show(IReadOnlyList<Line> lines, (int Width, int Height) size)
    {
        // After a full line the cursor is on the last character, which erasing to the end of the line would remove.
        var next = lines.Take(size.Height).Select(l => printer.Print(l) + "\e[0m" + (l.Width < size.Width ? "\e[K" : "")).ToArray();
        lock (_gate)
        {
            if (_isDisposed || _isSuspended)
            {
                return;
            }

            var frame = new StringBuilder();
            if (!_isEntered)
            {
                frame.Append(Enter);
            }

            var isNew = !_isEntered || size != _size;
            if (isNew)
            {
                frame.Append("\e[2J");
            }

            for (var i = 0; i < Math.Max(next.Length, _shown.Length); i++)
            {
                var text = i < next.Length ? next[i] : "\e[K";
                if (isNew || i >= _shown.Length || _shown[i] != text)
                {
                    frame.Append(CultureInfo.InvariantCulture, $"\e[{i + 1};1H{text}");
                }
            }

            (_shown, _size, _isEntered) = (next, size, true);
            if (frame.Length > 0)
            {
                Write(BeginFrame + frame + EndFrame);
            }
        }
    }

    /// <summary>Sets what stays on the terminal at the end, if the screen is shown then.</summary>
    /// <param name="lines">Draws the lines, each at most as wide as the screen.</param>
    public void LeaveAtEnd(Func<IReadOnlyList<Line>> lines)
    {
        lock (_gate)
        {
            _last = lines;
        }
    }

    /// <summary>Restores the terminal until <see cref="Invalidate"/>.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            Restore();
            _isSuspended = true;
        }
    }

    /// <summary>Redraws all lines with the next frame, because another program may have written to the screen.</summary>
    public void Invalidate()
    {
        lock (_gate)
        {
            (_isEntered, _isSuspended) = (false, false);
        }
    }

    /// <summary>Restores the screen, the cursor and line wrap. Safe on any thread; a second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isEntered)
            {
                Restore();
                Write(string.Concat(_last().Select(line => printer.Print(line) + "\e[0m\n")));
            }

            _isDisposed = true;
        }
    }

    private void Restore()
    {
        if (_isEntered)
        {
            Write(Leave);
            _isEntered = false;
        }
    }

    private void Write(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        terminal.Write(text);
        terminal.Flush();
    }
}
