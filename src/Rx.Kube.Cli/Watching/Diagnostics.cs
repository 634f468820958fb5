using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Watching;

/// <summary>What is said on standard error while watching: attempts that failed before the first snapshot, objects that were skipped.</summary>
/// <param name="error">Standard error.</param>
/// <param name="isHeldBack">Whether standard error is a screen that is being drawn on: then it is said at the end.</param>
internal sealed class Diagnostics(TextWriter error, bool isHeldBack) : IDisposable
{
    private const int MaxHeldBack = 100;
    private readonly Queue<string> _heldBack = new();

    /// <summary>Reports on snapshots as they pass.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <returns>The same snapshots.</returns>
    public IObservable<ServiceTopology> Report(IObservable<ServiceTopology> snapshots) => snapshots.WithPrevious((now, before) =>
    {
        if (now.Freshness is Freshness.Syncing { Interruption: { } interruption } && !isHeldBack)
        {
            Say($"not connected yet: {TextLines.Cause(interruption)}");
        }

        foreach (var skipped in SkippedObjects.News(now, before))
        {
            Say(SkippedObjects.Describe(skipped));
        }

        return now;
    });

    /// <summary>Says what was held back.</summary>
    public void Dispose()
    {
        foreach (var line in _heldBack)
        {
            error.WriteLine(line);
        }
    }

    private void Say(string text)
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
