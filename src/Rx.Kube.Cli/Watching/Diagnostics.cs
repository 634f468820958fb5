using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Watching;

/// <summary>Reports on standard error: failed attempts before the first snapshot, and skipped objects.</summary>
/// <param name="error">Standard error.</param>
/// <param name="isHeldBack">Whether standard error is the terminal of a live screen; the reports are then written at the end.</param>
internal sealed class Diagnostics(TextWriter error, bool isHeldBack) : IDisposable
{
    private const int MaxHeldBack = 100;
    private readonly Queue<string> _heldBack = new();

    /// <summary>Passes snapshots through and reports on them.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <returns>The same snapshots.</returns>
    public IObservable<ServiceTopology> Report(IObservable<ServiceTopology> snapshots) => snapshots.WithPrevious((now, before) =>
    {
        if (now.Freshness is Freshness.Syncing { Interruption: { } interruption } && !isHeldBack)
        {
            Write($"not connected yet: {TextLines.Cause(interruption)}");
        }

        foreach (var skipped in SkippedObjects.News(now, before))
        {
            Write(SkippedObjects.Describe(skipped));
        }

        return now;
    });

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
        if (!isHeldBack)
        {
            error.WriteLine(line);
        }
        else if (_heldBack.Count < MaxHeldBack)
        {
            _heldBack.Enqueue(line);
        }
    }
}
