namespace Rx.Kube.Testing;

/// <summary>Something that happened at a virtual time. Equality is by time and value.</summary>
/// <typeparam name="T">What happened, normally a notification.</typeparam>
/// <param name="Time">When, in ticks of 100 ns.</param>
/// <param name="Value">What.</param>
public readonly record struct Recorded<T>(long Time, T Value)
{
    /// <summary>The frame of a marble diagram this falls into: whole milliseconds.</summary>
    public long Frame => VirtualTime.FrameOf(Time);

    /// <summary>The value and its time in ticks.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Value}@{Time}";
}
