using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// Connects to the first address of a name that answers (Happy Eyeballs, RFC 8305): the next address is tried when the one before it has
/// failed or has not answered for 300 ms, which is the delay of Go. IPv6 and IPv4 addresses take turns, so that a family that leads nowhere
/// costs one delay.
/// </summary>
/// <param name="resolve">Finds the addresses of a name, in the order of preference.</param>
/// <param name="scheduler">The clock of the delay.</param>
/// <param name="limits">How many addresses of a name are tried.</param>
internal sealed class AddressRace(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, IScheduler scheduler, ConnectionLimits limits)
{
    /// <summary>Gets how long one address is waited for before the next one is tried as well: 300 ms.</summary>
    public static TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Connects.</summary>
    /// <param name="endPoint">The name, or an address, and the port.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <returns>The connected socket.</returns>
    /// <exception cref="SocketException">No address can be reached: the error of the preferred one.</exception>
    public async Task<Socket> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(endPoint.Host, cancellationToken).ConfigureAwait(false);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new List<Task<Socket>>();
        Task<Socket>? firstFailure = null;
        try
        {
            for (var next = 0; next < addresses.Count || open.Count > 0;)
            {
                if (next < addresses.Count)
                {
                    open.Add(OpenAsync(new IPEndPoint(addresses[next++], endPoint.Port), end.Token));
                }

                var delay = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
                using var timer = next < addresses.Count
                    ? scheduler.Schedule(Delay, () => delay.TrySetCanceled(CancellationToken.None))
                    : null;
                var ended = await Task.WhenAny([.. open, delay.Task]).ConfigureAwait(false);
                if (!open.Remove(ended))
                {
                    continue;
                }

                if (ended.IsCompletedSuccessfully)
                {
                    return await ended.ConfigureAwait(false);
                }

                firstFailure ??= ended;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            open.ForEach(Abandon);
        }

        return await (firstFailure ?? throw new SocketException((int)SocketError.HostNotFound)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        // A resolver of the system does not stop once it has started: what it finds later is not used.
        var all = await resolve(host, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        var turns = all.GroupBy(a => a.AddressFamily).SelectMany(family => family.Select((a, turn) => (Address: a, Turn: turn)));
        return [.. turns.OrderBy(a => a.Turn).Select(a => a.Address).Take(limits.MaxAddresses)]; // stable: the preferred family goes first
    }

    private static async Task<Socket> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Abandon(Task<Socket> attempt) => _ = attempt.ContinueWith(
        static late =>
        {
            if (late.IsCompletedSuccessfully)
            {
                late.Result.Dispose();
            }
            else
            {
                _ = late.Exception; // another address has answered
            }
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
