using System.Collections.Concurrent;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>One proxy for each member.</summary>
public sealed class StallingProxies(Uri server) : IDisposable
{
    private readonly ConcurrentDictionary<string, StallingProxy> _all = new();

    public Uri UrlOf(string member) => _all.GetOrAdd(member, _ => new(server)).Url;

    public void Stall(string member) => _all[member].Stall();

    public void Resume(string member) => _all[member].Resume();

    public async Task StallAsync(string member, TimeSpan time)
    {
        Stall(member);
        await Task.Delay(time);
        Resume(member);
    }

    public void Dispose()
    {
        foreach (var proxy in _all.Values)
        {
            proxy.Dispose();
        }
    }
}
