using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.Transport;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// Events of W1 over a real socket, from a server in another process: processor time and allocation of the client's process. A bare
/// reader, an HttpClient that drops what it reads, shows what is below Rx.Kube, and with which settings it changes.
/// </summary>
internal static class TransportComparison
{
    private const string Area = "transport";
    private const string Bare = "bare reader";
    private const string FromMemory = "Rx.Kube from memory";
    private const int KiB = 1024;

    // Under load, and as a quiet cluster sends them: then each event wakes the client.
    private static readonly (string Name, int Delay)[] Loads = [("line rate", 0), ("single events", 1)];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        var workload = TransportServer.Workload(options.Pick(dry: 2, quick: 25, full: 60));
        using var server = new TransportServerProcess(workload);
        using var spinless = options.Thoroughness == Thoroughness.Quick ? null
            : new TransportClientProcess(workload.Slices, "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");
        foreach (var (load, delay) in Loads)
        {
            List<Variation> variations = [.. Protocols(server, delay)];
            if (spinless is not null)
            {
                variations.AddRange(Settings(server, delay));
                variations.Add(new(
                    "HTTP/2, TLS, threads of the pool do not spin", spinless.Ours(delay), spinless.Bare(delay)));
            }

            foreach (var row in Rows(load, variations, delay == 0 ? new RxKubePath(workload) : null, options))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<Variation> Protocols(TransportServerProcess server, int delay) =>
        Listener.Protocols.Select(listener => new Variation(
            listener.Name,
            listener == Listener.PlainHttp2 ? null : new RxKubeSocketPath(listener.Name, server, listener, delay),
            new BareSocketPath(listener.Name, server, listener, delay)));

    private static IEnumerable<Variation> Settings(TransportServerProcess server, int delay)
    {
        var usual = Listener.Usual;
        foreach (var window in new[] { 64, 16 * 1024 })
        {
            var name = $"{usual.Name}, stream window of {window} KiB";
            yield return new(
                name, new RxKubeSocketPath(name, server, usual, delay, window * KiB),
                new BareSocketPath(name, server, usual, delay, windowBytes: window * KiB));
        }

        foreach (var read in new[] { 16, 256, 1024 })
        {
            var name = $"{usual.Name}, reads of {read} KiB";
            yield return new(name, null, new BareSocketPath(name, server, usual, delay, read * KiB));
        }

        foreach (var listener in Listener.SmallRecords)
        {
            yield return new(
                listener.Name, new RxKubeSocketPath(listener.Name, server, listener, delay),
                new BareSocketPath(listener.Name, server, listener, delay));
        }
    }

    private static IEnumerable<ComparedRow> Rows(
        string load, IReadOnlyList<Variation> variations, RxKubePath? fromMemory, CompareOptions options)
    {
        Contestant?[] all = [fromMemory, .. variations.Select(v => v.Ours), .. variations.Select(v => v.Bare)];
        Contestant[] contestants = [.. all.OfType<Contestant>()];
        try
        {
            var rounds = options.Pick(dry: 1, quick: 3, full: 7);
            var costs = contestants.Zip(Turns.Measure(contestants, rounds, options.WarmUp)).ToDictionary(x => x.First, x => x.Second);
            return [.. variations.SelectMany(variation => RowsOf(load, variation, costs)), .. fromMemory is null ? [] : RowsOf(
                load, new(Listener.Usual.Name, variations[0].Ours, fromMemory), costs)];
        }
        finally
        {
            Array.ForEach(contestants, contestant => contestant.Dispose());
        }
    }

    private static IEnumerable<ComparedRow> RowsOf(string load, Variation variation, Dictionary<Contestant, Measured> costs)
    {
        var workload = $"W1, {load}, {variation.Name}";
        var peerName = variation.Bare is RxKubePath ? FromMemory : Bare;
        var peer = costs[variation.Bare];
        if (variation.Ours is { } contestant)
        {
            var ours = costs[contestant];
            yield return ComparedRow.Times(
                Area, $"{workload}: processor time an event", ours.Time, peer.Time, peerName, "us", 0);
            yield return ComparedRow.Times(Area, $"{workload}: allocated an event", ours.Bytes, peer.Bytes, peerName, "B", 0);
        }
        else
        {
            yield return new(
                Area, $"{workload}: processor time an event", null, peer.Time.Least, "us", null, "none", true)
            {
                PeerMedian = peer.Time.Median,
                PeerName = peerName,
                Reason = variation.Name == Listener.PlainHttp2.Name
                    ? "Rx.Kube speaks HTTP/1.1 to a plain http address, because no API server speaks HTTP/2 there"
                    : "Rx.Kube begins with reads of 64 KiB",
            };
        }
    }

    /// <summary>Rx.Kube and the bare reader with the same settings.</summary>
    /// <param name="Name">The settings.</param>
    /// <param name="Ours">Rx.Kube; null where it has no such setting.</param>
    /// <param name="Bare">The bare reader.</param>
    private sealed record Variation(string Name, Contestant? Ours, Contestant Bare);
}
