using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Reports the marks of a recording when their times have passed.</summary>
/// <param name="recording">The recording.</param>
/// <param name="report">Receives a line for each, escaped.</param>
internal sealed class ReplayMarks(Recording recording, Action<string> report)
{
    private readonly Queue<Timed<string>> _left = new(recording.Marks);

    /// <summary>Reports the marks up to a time that are not reported yet.</summary>
    /// <param name="time">The time since the start.</param>
    public void PassTo(TimeSpan time)
    {
        while (_left.TryPeek(out var mark) && mark.Time <= time.Ticks)
        {
            _left.Dequeue();
            report($"rxkube: at {HumanFormat.Span(TimeSpan.FromTicks(mark.Time))}: {TerminalText.Escape(mark.Value, 1000)}");
        }
    }
}
