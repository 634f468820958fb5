using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// Reads the standard error of an exec plugin and passes it on in lines, escaped. A line without an end, such as a prompt, is passed on
/// after half a second. What exceeds the limit is read and dropped.
/// </summary>
internal sealed class PluginErrorLines(Action<string> onLine, IScheduler scheduler, int maxLines)
{
    internal const int MaxLine = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();
    private int _lines;

    /// <summary>Reads to the end. Never fails: the exit code tells whether the plugin did.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var timer = new SerialDisposable();
        var (bytes, decoder) = (new byte[4096], Encoding.UTF8.GetDecoder());
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        try
        {
            while (await stream.ReadAsync(bytes, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                timer.Disposable = null;
                Add(text.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), text, flush: false)));
                timer.Disposable = scheduler.Schedule(Patience, Flush);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The plugin was stopped.
        }

        Flush();
    }

    private void Add(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is '\n' or '\r')
            {
                Flush();
            }
            else
            {
                lock (_gate)
                {
                    _line.Append(_line.Length <= MaxLine ? [c] : []);
                }
            }
        }
    }

    private void Flush()
    {
        string line;
        lock (_gate)
        {
            line = Printable.Of(_line.ToString().Trim(), MaxLine);
            _line.Clear();
            if (line.Length == 0 || ++_lines > maxLines)
            {
                return;
            }
        }

        onLine(line);
    }
}
