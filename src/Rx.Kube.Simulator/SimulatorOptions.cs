using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator;

/// <summary>How the server reports that the version of a watch is compacted. Real servers do both.</summary>
public enum ExpiredWatch
{
    /// <summary>HTTP 200, then an <c>ERROR</c> event with a Status of code 410.</summary>
    ErrorEvent,

    /// <summary>HTTP 410 instead of a stream.</summary>
    HttpStatus,
}

/// <summary>The options of a simulated API server. The defaults are those of a real server where it has them.</summary>
public sealed record SimulatorOptions
{
    // Of Kestrel: a request line and headers have to fit into it.
    private const int _requestBuffer = 1024 * 1024;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <summary>Gets the default options.</summary>
    internal static SimulatorOptions Default { get; } = new();

    /// <summary>Gets the port on 127.0.0.1. The default is 0, for any free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Gets whether to serve https, with a certificate made at the start: <see cref="ApiServerSimulator.Certificate"/>. The default is
    /// false.
    /// </summary>
    public bool Https { get; init; }

    /// <summary>
    /// Gets whether the port speaks HTTP/2 with prior knowledge if there is no https. The default is false, for HTTP/1.1.
    /// With https both are offered and the client chooses.
    /// </summary>
    public bool Http2WithoutTls { get; init; }

    /// <summary>Gets the users by bearer token. The default is null: every request is allowed.</summary>
    public IReadOnlyDictionary<string, SimulatedUser>? Tokens { get; init; }

    /// <summary>
    /// Gets the interval of bookmarks in watches that allow them. From one millisecond to one day. The default is one minute.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BookmarkInterval
    {
        get;
        init => field = Checked(value, _shortest);
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the shortest lifetime of a watch without <c>timeoutSeconds</c>; the lifetime is random, between this value and twice
    /// this value. From one millisecond to one day. The default is 30 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MinWatchTimeout
    {
        get;
        init => field = Checked(value, _shortest);
    } = TimeSpan.FromMinutes(30);

    /// <summary>Gets how long a list waits for a version that the server has not reached, before it answers 504.
    /// From zero to one day. The default is 3 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan VersionWait
    {
        get;
        init => field = Checked(value, TimeSpan.Zero);
    } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets the number of changes in the history; older ones are compacted automatically. At least 1. The default is 10,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int History
    {
        get;
        init => field = Positive(value);
    } = 10_000;

    /// <summary>
    /// Gets the number of events that may wait for one watcher before the server drops it. At least 1. The default is 1,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int WatchBuffer
    {
        get;
        init => field = Positive(value);
    } = 1_000;

    /// <summary>
    /// Gets the names under which the server may be reached besides <c>localhost</c> and loopback addresses, without ports: the names that
    /// clients send as <c>Host</c>. A request under any other name is refused with 403, because a page in a browser could send it (DNS
    /// rebinding). The default is empty.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Gets the number of connections that may be open; further ones are closed at once. At least 1. The default is 1,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConnections
    {
        get;
        init => field = Positive(value);
    } = 1_000;

    /// <summary>
    /// Gets the number of bytes of one object as it is stored; a write that would exceed it is refused with 413. At least 1. The default is
    /// 1,572,864: 1.5 MiB, the largest request of etcd.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxObjectBytes
    {
        get;
        init => field = Positive(value);
    } = 1536 * 1024;

    /// <summary>
    /// Gets the number of objects of all kinds; a creation that would exceed it is refused with 507. At least 1. The default is 100,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxObjects
    {
        get;
        init => field = Positive(value);
    } = 100_000;

    /// <summary>
    /// Gets the number of bytes of all objects and of the history. The history is compacted earlier if it does not fit; a write after which
    /// the objects alone would exceed it is refused with 507. At least 1. The default is 536,870,912: 512 MiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxStoredBytes
    {
        get;
        init => field = Positive(value);
    } = 512 * 1024 * 1024;

    /// <summary>
    /// Gets the number of bytes of the body of a request; one with more is refused with 413. At least 1. The default is 3,145,728: 3 MiB,
    /// as for real servers, which is the largest request of etcd with some margin.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBodyBytes
    {
        get;
        init => field = Positive(value);
    } = 3 * 1024 * 1024;

    /// <summary>
    /// Gets the number of values of a body, and of all copies of a JSON patch; with more, a body is refused with 413, and a patch with 422.
    /// At least 1. The default is 250,000: each value takes some hundred bytes while it is handled.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBodyValues
    {
        get;
        init => field = Positive(value);
    } = 250_000;

    /// <summary>
    /// Gets the number of levels of objects and arrays in a body, and in an object that a patch makes; with more, a body is refused with
    /// 400, and a patch with 422. From 1 to 500, because the levels are walked recursively. The default is 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBodyDepth
    {
        get;
        init => field = Positive(value, 500);
    } = 64;

    /// <summary>
    /// Gets the number of operations of a JSON patch; one with more is refused with 413. At least 1. The default is 10,000, as for real
    /// servers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPatchOperations
    {
        get;
        init => field = Positive(value);
    } = 10_000;

    /// <summary>
    /// Gets the number of bytes of all copies that a JSON patch makes; a patch that makes more is refused with 422. At least 1. The default
    /// is 3,145,728: 3 MiB, as for real servers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPatchCopyBytes
    {
        get;
        init => field = Positive(value);
    } = 3 * 1024 * 1024;

    /// <summary>
    /// Gets the number of values that all operations of a JSON patch together may visit or shift, while the store is locked; a patch that
    /// needs more is refused with 422. At least 1. The default is 20,000,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPatchSteps
    {
        get;
        init => field = Positive(value);
    } = 20_000_000;

    /// <summary>
    /// Gets the number of bytes of events that may wait for one watcher before the server drops it. At least 1. The default is 67,108,864:
    /// 64 MiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxWatchBytes
    {
        get;
        init => field = Positive(value);
    } = 64 * 1024 * 1024;

    /// <summary>
    /// Gets the number of bytes of a request line; a longer one is refused with 414. From 1 to 1,048,576. The default is 16,384: 16 KiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxRequestLineBytes
    {
        get;
        init => field = Positive(value, _requestBuffer);
    } = 16 * 1024;

    /// <summary>
    /// Gets the number of bytes of the headers of a request; with more, it is refused with 431. From 1 to 1,048,576. The default is 65,536:
    /// 64 KiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxHeaderBytes
    {
        get;
        init => field = Positive(value, _requestBuffer);
    } = 64 * 1024;

    /// <summary>
    /// Gets the number of media types of an <c>Accept</c> header that count. From 1 to 10,000: the cost of their order grows with the
    /// square of their number. The default is 100.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxMediaTypes
    {
        get;
        init => field = Positive(value, 10_000);
    } = 100;

    /// <summary>
    /// Gets how long the headers of a request may take, before it is refused with 408. From one millisecond to one day. The default is
    /// 30 s. Measured in real time, by a clock with steps of a second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan HeadersTimeout
    {
        get;
        init => field = Checked(value, _shortest);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets how long a connection may be open without a request, before it is closed. From one millisecond to one day. The default is
    /// 2 min. Measured in real time, by a clock with steps of a second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = Checked(value, _shortest);
    } = TimeSpan.FromMinutes(2);

    /// <summary>Gets how a watch from a compacted version fails.</summary>
    public ExpiredWatch ExpiredWatch { get; init; }

    /// <summary>
    /// Gets the seed of uids, generated names and watch lifetimes. With the same seed, the same calls give the same objects.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the clock for timestamps, bookmarks and timeouts. Tests can use a clock that they advance.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets a callback for every request before it is served. It may answer, delay or break the request instead of calling the next
    /// handler.
    /// </summary>
    public Func<HttpContext, Func<Task>, Task>? Intercept { get; init; }

    private static TimeSpan Checked(TimeSpan value, TimeSpan least, [CallerMemberName] string name = "") =>
        value >= least && value <= _longest
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {_longest}.");

    private static int Positive(int value, int most = int.MaxValue, [CallerMemberName] string name = "") =>
        value > 0 && value <= most ? value : throw new ArgumentOutOfRangeException(
            name, value, most == int.MaxValue ? $"{name} must be at least 1." : $"{name} must be from 1 to {most}.");
}
