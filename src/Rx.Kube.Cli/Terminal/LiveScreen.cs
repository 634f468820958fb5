using System.Globalization;
using System.Text;

namespace Rx.Kube.Cli.Terminal;

/// <summary>
/// The alternate screen of a terminal: what stood there before comes back at the end. Only lines that changed are written, in one
/// piece, so that nothing flickers. Not safe for concurrent use, except <see cref="Dispose"/>.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="printer">Turns lines into text.</param>
internal sealed class LiveScreen(TextWriter terminal, LinePrinter printer) : IDisposable
{
    // Alternate screen, cursor and line wrap: xterm's private modes 1049, 25 and 7. 2026: the terminal shows a frame at once.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l\e[2J";
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l";
    private const string BeginFrame = "\e[?2026h";
    private const string EndFrame = "\e[?2026l";

    private readonly Lock _gate = new();
    private string[] _shown = [];
    private (int Width, int Height) _size;
    private bool _isEntered;
    private bool _isSuspended;
    private bool _isLeft;

    /// <summary>Shows lines from the top of the screen. Nothing happens once the screen is disposed.</summary>
    /// <param name="lines">The lines; none wider than the screen.</param>
    /// <param name="size">The size of the screen: when it changes everything is drawn anew.</param>
    public void Show(IReadOnlyList<Line> lines, (int Width, int Height) size)
    {
        // A full line has nothing after it to be wiped out; the cursor stands on its last character, which would go instead.
        var next = lines.Take(size.Height).Select(l => printer.Print(l) + "\e[0m" + (l.Width < size.Width ? "\e[K" : "")).ToArray();
        lock (_gate)
        {
            if (_isLeft || _isSuspended)
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

    /// <summary>Gives the terminal back until <see cref="Invalidate"/>.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            Restore();
            _isSuspended = true;
        }
    }

    /// <summary>Draws everything anew at the next frame: the screen may have been written to by others.</summary>
    public void Invalidate()
    {
        lock (_gate)
        {
            (_isEntered, _isSuspended) = (false, false);
        }
    }

    /// <summary>Restores the screen, the cursor and line wrap. Safe on any thread, and more than once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Restore();
            _isLeft = true;
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
        terminal.Write(text);
        terminal.Flush();
    }
}
