namespace ShardedCache.Data;

/// <summary>Whether a process may serve a key now.</summary>
internal enum Standing
{
    /// <summary>It may.</summary>
    Right,

    /// <summary>The range is not complete here yet.</summary>
    Pending,

    /// <summary>The rings of sender and receiver differ, or a newer one is known.</summary>
    RingsDiffer,

    /// <summary>On this ring, other members hold the key, or own it.</summary>
    NotHeld,
}
