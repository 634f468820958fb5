using System.ComponentModel.DataAnnotations;

namespace ShardedCache;

/// <summary>The configuration section <c>Cache</c>.</summary>
internal sealed class CacheOptions
{
    /// <summary>Gets or sets whether a ring of one member acknowledges writes. They are lost with it.</summary>
    public bool AcknowledgeAlone { get; set; }

    /// <summary>Gets or sets how long a request waits for a ring, an owner or a range before it is answered with 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RequestLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long another pod may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PeerLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets after which time a pod that does not answer is taken as lost, if no replica of a range is complete.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long a tombstone stays.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TombstoneLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how long a pod that stops may hand over.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Gets or sets how long a pod that stops waits to leave the ring. If it does not, there is nothing to hand over.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LeaveLimit { get; set; } = TimeSpan.FromSeconds(5);
}
