using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator;

/// <summary>How watchers hear that the version they ask for is compacted. Real servers do both.</summary>
public enum ExpiredWatch
{
    /// <summary>HTTP 200, then an <c>ERROR</c> event with a Status of code 410.</summary>
    ErrorEvent,

    /// <summary>HTTP 410 instead of a stream.</summary>
    HttpStatus,
}

/// <summary>How a simulated API server behaves. The defaults are those of a real one where it has any.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0, the default, takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether to serve https, with a certificate made at the start: see <see cref="ApiServerSimulator.Certificate"/>.</summary>
    public bool Https { get; init; }

    /// <summary>
    /// Without https, one port speaks either HTTP/1.1 (false, the default) or HTTP/2 with prior knowledge (true).
    /// With https both are offered and the client chooses.
    /// </summary>
    public bool Http2WithoutTls { get; init; }

    /// <summary>Bearer tokens and whose they are. Null, the default: everybody may do everything.</summary>
    public IReadOnlyDictionary<string, SimulatedUser>? Tokens { get; init; }

    /// <summary>How often a watch that allows bookmarks gets one; a minute by default.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a watch lives that gives no <c>timeoutSeconds</c>: between this and twice this; 30 minutes by default.</summary>
    public TimeSpan MinWatchTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a list waits for a version that the server has not reached before it answers 504; 3 s by default.</summary>
    public TimeSpan VersionWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many changes are remembered before the oldest are compacted by themselves; 10,000 by default.</summary>
    public int History { get; init; } = 10_000;

    /// <summary>How many events may wait for one watcher before it is dropped; 1,000 by default.</summary>
    public int WatchBuffer { get; init; } = 1_000;

    /// <summary>How a watch from a compacted version fails.</summary>
    public ExpiredWatch ExpiredWatch { get; init; }

    /// <summary>The seed of uids, generated names and watch lifetimes: the same calls give the same objects.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock of timestamps, bookmarks and timeouts; tests give one that they move by hand.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sees every request before it is served, and may answer it, delay it or break it off instead of calling the next.</summary>
    public Func<HttpContext, Func<Task>, Task>? Intercept { get; init; }
}
