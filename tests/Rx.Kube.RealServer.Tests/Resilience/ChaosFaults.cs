using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>Does what a plan of faults says, and notes it.</summary>
/// <param name="server">The server.</param>
public sealed class ChaosFaults(RealApiServer server)
{
    private readonly StringBuilder _log = new();
    private readonly Stopwatch _clock = new();
    private long _restoredAt;
    private string _backup = "";

    /// <summary>Gets when the server was restored, as a timestamp of <see cref="Stopwatch"/>; zero for never.</summary>
    public long RestoredAt => Volatile.Read(ref _restoredAt);

    /// <summary>Gets what was done, one line each.</summary>
    public string Text
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts the clock of the plan.</summary>
    public void Start() => _clock.Start();

    /// <summary>Waits for the time of a fault, and does it.</summary>
    public async Task RunAsync(PlannedFault fault, CuttingProxy[] proxies, ChangingSlices slices)
    {
        await Task.Delay(fault.At);
        var proxy = proxies[fault.Proxy];
        Log(fault.Kind < Fault.KillServer ? $"{fault.Kind} at proxy {fault.Proxy}, {fault.Lasts.TotalSeconds:0.0} s" : $"{fault.Kind}");
        switch (fault.Kind)
        {
            case Fault.Cut:
                proxy.Cut();
                break;
            case Fault.Reset:
                proxy.Kill();
                break;
            case Fault.HalfClose:
                proxy.HalfClose();
                break;
            case Fault.Stall:
                proxy.Stall(true);
                await Task.Delay(fault.Lasts);
                proxy.Stall(false);
                break;
            case Fault.Delay:
                proxy.Delay = TimeSpan.FromMilliseconds(20 + (fault.Lasts.TotalSeconds * 20));
                await Task.Delay(fault.Lasts);
                proxy.Delay = TimeSpan.Zero;
                break;
            case Fault.Refuse:
                proxy.Refuse(true);
                proxy.Cut();
                await Task.Delay(fault.Lasts);
                proxy.Refuse(false);
                break;
            case Fault.KillServer:
                server.KillServer();
                await Task.Delay(fault.Lasts);
                await server.StartServerAsync();
                break;
            case Fault.Compact:
                await server.CompactAsync();
                await server.RestartAsync();
                break;
            case Fault.BackUp:
                await slices.PauseForAsync(isRestored: false, async () => _backup = await server.BackUpAsync());
                break;
            default:
                await slices.PauseForAsync(isRestored: true, async () =>
                {
                    server.KillServer();
                    Volatile.Write(ref _restoredAt, Stopwatch.GetTimestamp());
                    await server.RestoreAsync(_backup);
                    await server.StartServerAsync();
                });
                break;
        }

        Log($"{fault.Kind} is over");
    }

    /// <summary>Notes something.</summary>
    public void Log(string what)
    {
        lock (_log)
        {
            _log.AppendLine(
                CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:mm:ss.f} ({_clock.Elapsed.TotalSeconds:0.0} s) {what}");
        }
    }
}
