using System.Collections.Concurrent;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>
/// Writers, each with keys of its own, and readers of all keys. A read must show at least what was acknowledged before it began.
/// </summary>
public sealed class Load : IDisposable
{
    private const int Writers = 4;
    private const int Readers = 4;
    private const int Still = 600;
    private const int Hot = 40;

    private readonly CacheCluster _cluster;
    private readonly CacheClient _client;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _seed;
    private Task _running = Task.CompletedTask;
    private int _writes;
    private int _reads;
    private volatile int _writing;

    public Load(CacheCluster cluster, int seed)
    {
        (_cluster, _seed, _client) = (cluster, seed, new(() => cluster.Urls));
        StillKeys = [.. Enumerable.Range(0, Still).Select(i => new KeyRecord($"still-{i}"))];
        HotKeys = [.. Enumerable.Range(0, Writers * Hot).Select(i => new KeyRecord($"hot-{i}"))];
    }

    /// <summary>Gets keys that are written once.</summary>
    public IReadOnlyList<KeyRecord> StillKeys { get; }

    /// <summary>Gets keys that are written and deleted all the time.</summary>
    public IReadOnlyList<KeyRecord> HotKeys { get; }

    /// <summary>Gets or sets whether nothing is written: see <see cref="QuietenAsync"/>.</summary>
    public bool IsQuiet { get; set; }

    public string Summary =>
        $"{_client.Requests} requests ({_writes} acknowledged writes, {_reads} checked reads, {_client.Retries} retries)";

    /// <summary>Stops writing, until <see cref="IsQuiet"/> is set to false.</summary>
    public async Task QuietenAsync()
    {
        IsQuiet = true;
        while (_writing > 0)
        {
            await Task.Delay(5);
        }
    }

    public async Task StartAsync()
    {
        await ForEachAsync(StillKeys, PutAsync);
        _running = Task.WhenAll([
            .. Enumerable.Range(0, Writers).Select(writer => GuardedAsync(() => WriteAsync(writer))),
            .. Enumerable.Range(0, Readers).Select(reader => GuardedAsync(() => ReadAsync(reader)))]);
    }

    /// <summary>Reads every key once, and fails if a read has ever been wrong.</summary>
    public async Task CheckAsync(string step)
    {
        await ForEachAsync(StillKeys.Concat(HotKeys), ReadAsync);
        Assert.True(_faults.IsEmpty, $"{step} (seed {_seed}): {string.Join('\n', _faults.Take(20))}\n{_cluster.Logs}");
    }

    /// <summary>Stops, then checks that exactly the two replicas of each key have its last acknowledged value.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await CheckAsync("at the end");
        var ring = (await _cluster.ReplicatedAsync()).Values.First().Ring;
        await ForEachAsync(StillKeys.Concat(HotKeys), async record =>
        {
            var replicas = _cluster.Ring.ReplicasOf(record.Key).Members;
            foreach (var (name, process) in _cluster.Members)
            {
                var expected = !replicas.Contains(new RingMember(name)) ? "409 " : record.Exists ? $"200 {record.Acknowledged}" : "404 ";
                var (status, body) = await process.GetAsync($"keys/{record.Key}", ring);
                Assert.Equal($"{name} {record.Key} {expected}", $"{name} {record.Key} {status} {(status == 409 ? "" : body)}");
            }
        });
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait(TimeSpan.FromSeconds(30));
        _client.Dispose();
        _stop.Dispose();
    }

    private static Task ForEachAsync(IEnumerable<KeyRecord> records, Func<KeyRecord, Task> work) => Parallel.ForEachAsync(
        records, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (record, _) => await work(record));

    private async Task WriteAsync(int writer)
    {
        var random = new Random(_seed + writer);
        while (!_stop.IsCancellationRequested)
        {
            var record = HotKeys[(writer * Hot) + random.Next(Hot)];
            Interlocked.Increment(ref _writing);
            try
            {
                await (IsQuiet ? Task.CompletedTask : record.Exists && random.Next(4) == 0 ? DeleteAsync(record) : PutAsync(record));
            }
            finally
            {
                Interlocked.Decrement(ref _writing);
            }

            await Task.Delay(2);
        }
    }

    private async Task ReadAsync(int reader)
    {
        var random = new Random(_seed - reader - 1);
        while (!_stop.IsCancellationRequested)
        {
            await ReadAsync(random.Next(2) == 0 ? HotKeys[random.Next(HotKeys.Count)] : StillKeys[random.Next(StillKeys.Count)]);
            await Task.Delay(1);
        }
    }

    private async Task PutAsync(KeyRecord record)
    {
        var number = record.Begin(isDelete: false);
        await _client.PutAsync(record.Key, $"{number}");
        record.Acknowledge(number);
        Interlocked.Increment(ref _writes);
    }

    private async Task DeleteAsync(KeyRecord record)
    {
        var number = record.Begin(isDelete: true);
        await _client.DeleteAsync(record.Key);
        record.Acknowledge(number);
        Interlocked.Increment(ref _writes);
    }

    private async Task ReadAsync(KeyRecord record)
    {
        var acknowledged = record.Acknowledged;
        if (record.FaultOf(await _client.GetAsync(record.Key), acknowledged) is { } fault)
        {
            _faults.Enqueue($"{DateTime.Now:HH:mm:ss.fff} {fault}");
        }

        Interlocked.Increment(ref _reads);
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            _faults.Enqueue($"{DateTime.Now:HH:mm:ss.fff} {e.GetType().Name}: {e.Message}");
        }
    }
}
