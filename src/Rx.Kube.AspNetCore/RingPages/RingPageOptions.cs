using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>The limits of the pages that <see cref="KubeEndpointExtensions.MapKubeRing"/> shows, each of them per topology.</summary>
public sealed record RingPageOptions
{
    /// <summary>Gets the default options.</summary>
    public static RingPageOptions Default { get; } = new();

    /// <summary>
    /// Gets how many streams may be open, one for each page that a browser shows; further ones are refused with 503. From 1 to 65,536. The
    /// default is 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxStreams
    {
        get;
        init => field = InRange(value, 1 << 16);
    } = 64;

    /// <summary>
    /// Gets how many changes are kept, for an hour; then the oldest is dropped. From 1 to 1,000,000. The default is 1,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxChanges
    {
        get;
        init => field = InRange(value, 1_000_000);
    } = 1_000;

    /// <summary>
    /// Gets how many members all kept changes have together; then the oldest change is dropped. From 1 to 100,000,000. The default is
    /// 100,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxMembers
    {
        get;
        init => field = InRange(value, 100_000_000);
    } = 100_000;

    /// <summary>
    /// Gets how many characters a key may have whose owner is asked for; a longer one is refused with 414. From 1 to 1,048,576. The default
    /// is 1,024. The key is part of the request line, which the server of the application limits, too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxKeyLength
    {
        get;
        init => field = InRange(value, 1 << 20);
    } = 1_024;

    /// <summary>
    /// Gets the least time between two frames of a stream: the newest state counts. From 10 milliseconds to one minute. The default is a
    /// quarter of a second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan FrameInterval
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromMinutes(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(FrameInterval), value, "From 10 ms to one minute.");
    } = TimeSpan.FromMilliseconds(250);

    private static int InRange(int value, int most, [CallerMemberName] string name = "") => value >= 1 && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"From 1 to {most}.");
}
