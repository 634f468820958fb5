using System.Diagnostics;
using Xunit.Abstractions;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>One fault at a time under load, until all ranges have two replicas again; counts what has moved.</summary>
/// <param name="cluster">The processes.</param>
/// <param name="load">The load.</param>
/// <param name="output">Where each step is reported.</param>
/// <param name="disturbance">What else happens during each fault, which takes no data.</param>
public sealed class Scenario(CacheCluster cluster, Load load, ITestOutputHelper output, Func<Task>? disturbance = null)
{
    private Dictionary<string, CacheState> _states = [];

    public async Task StartAsync(params string[] names)
    {
        await cluster.AddAsync(names);
        await cluster.ReplicatedAsync();
        await load.StartAsync();
        _states = await cluster.ReplicatedAsync();
    }

    public Task AddAsync(params string[] names) => StepAsync($"add {string.Join(" and ", names)}", () => cluster.AddAsync(names));

    /// <summary>Adds a member while clients only read, so that the number of moved copies is known exactly.</summary>
    public async Task AddQuietlyAsync(string name)
    {
        await load.QuietenAsync();
        await AddAsync(name);
        load.IsQuiet = false;
    }

    public Task KillAsync(string name) => StepAsync($"kill -9 {name}", () => cluster.KillAsync(name));

    public Task DrainAsync(params string[] names) => StepAsync($"drain {string.Join(" and ", names)}", () => cluster.DrainAsync(names));

    public Task RestartAsync(string name) => StepAsync($"restart {name}", () => cluster.RestartAsync(name), name);

    private async Task StepAsync(string step, Func<Task> fault, string? restarted = null)
    {
        var (begin, before) = (Stopwatch.GetTimestamp(), cluster.Ring);
        await Task.WhenAll(fault(), disturbance?.Invoke() ?? Task.CompletedTask);
        var states = await cluster.ReplicatedAsync();
        var moved = states.Values.Sum(state =>
            state.Moved - (state.Self != restarted && _states.TryGetValue(state.Self!, out var was) ? was.Moved : 0));
        _states = states;

        // Keys that are being written may arrive as writes, before they are moved. The others move if their new replica did not have them.
        int MustMove(IEnumerable<KeyRecord> keys) => keys.Sum(record => restarted is null
            ? cluster.Ring.ReplicasOf(record.Key).Members.Except(before.ReplicasOf(record.Key).Members).Count()
            : cluster.Ring.ReplicasOf(record.Key).Members.Count(member => member.Name == restarted));
        var hot = MustMove(load.HotKeys.Where(record => record.IsWritten));
        var least = MustMove(load.StillKeys) + (load.IsQuiet ? hot : 0);
        hot = load.IsQuiet ? 0 : hot;
        output.WriteLine(
            $"{step}: {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s, {moved} copies moved, {least} to {least + hot} must; "
            + load.Summary);
        await load.CheckAsync(step);
        Assert.True(moved >= least && moved <= least + hot, $"{step}: {moved} moved, not {least} to {least + hot}\n{cluster.Logs}");
    }
}
