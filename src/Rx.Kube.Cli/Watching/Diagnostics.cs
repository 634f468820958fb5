using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>
/// Reports on standard error: failed attempts before the first snapshot, skipped objects, and the notices of the connection. Thread-safe.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="screen">
/// The live screen whose terminal is standard error; the reports are then written at the end. What an exec plugin asks the user to do
/// cannot wait: the screen makes room for it. Null for none.
/// </param>
internal sealed class Diagnostics(TextWriter error, LiveScreen? screen) : IDisposable
{
    private const int MaxHeldBack = 100;
    private readonly Lock _gate = new();
    private readonly Queue<string> _heldBack = new();
    private bool _madeRoom;

    /// <summary>Passes snapshots through and reports on them.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <returns>The same snapshots.</returns>
    public IObservable<ServiceTopology> Report(IObservable<ServiceTopology> snapshots) => snapshots.WithPrevious((now, before) =>
    {
        if (now.Freshness is Freshness.Syncing { Interruption: { } interruption } && screen is null)
        {
            Write($"not connected yet: {TextLines.Cause(interruption)}");
        }

        foreach (var skipped in SkippedObjects.News(now, before))
        {
            Write(SkippedObjects.Describe(skipped));
        }

        return now;
    });

    /// <summary>Reports a notice of the connection, on any thread.</summary>
    /// <param name="notice">The notice. It has no control characters.</param>
    public void Notice(ConnectionNotice notice)
    {
        switch (notice.Kind)
        {
            case ConnectionNoticeKind.Configuration:
                break; // the footer names the server
            case ConnectionNoticeKind.PluginOutput:
                WriteNow($"the exec plugin says: {notice.Message}");
                break;
            case ConnectionNoticeKind.PluginWaits:
                WriteNow(notice.Message);
                break;
            default:
                Write(notice.Message);
                break;
        }
    }

    /// <summary>Gives the terminal back to the live screen, once no plugin waits any more.</summary>
    public void EndRoom()
    {
        lock (_gate)
        {
            if (_madeRoom)
            {
                _madeRoom = false;
                screen?.Invalidate();
            }
        }
    }

    /// <summary>Writes the reports that were held back.</summary>
    public void Dispose()
    {
        foreach (var line in _heldBack)
        {
            error.WriteLine(line);
        }
    }

    /// <summary>Writes a report of one line, or holds it back.</summary>
    /// <param name="text">The text, escaped.</param>
    public void Write(string text)
    {
        var line = "rxkube: " + text;
        lock (_gate)
        {
            if (screen is null)
            {
                error.WriteLine(line);
            }
            else if (_heldBack.Count < MaxHeldBack)
            {
                _heldBack.Enqueue(line);
            }
        }
    }

    private void WriteNow(string text)
    {
        lock (_gate)
        {
            screen?.Suspend();
            _madeRoom = true;
            error.WriteLine("rxkube: " + text);
        }
    }
}
