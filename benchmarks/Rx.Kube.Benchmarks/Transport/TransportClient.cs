using System.Globalization;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>
/// The clients of <c>compare transport</c> in a process of their own, for settings of a whole process: <c>transport-client SLICES</c>. A
/// line of the standard input, <c>ours DELAY</c> or <c>bare DELAY</c>, runs one round, whose cost is written as a line.
/// </summary>
internal static class TransportClient
{
    public static int Run(int slices)
    {
        using var server = new TransportServerProcess(TransportServer.Workload(slices));
        var clients = new Dictionary<string, Contestant>();
        while (Console.In.ReadLine() is { } line)
        {
            if (!clients.TryGetValue(line, out var client))
            {
                var (name, delay) = line.Split(' ') is [var first, var second]
                    ? (first, int.Parse(second, CultureInfo.InvariantCulture))
                    : throw new FormatException(line);
                clients[line] = client = name == "ours" ? new RxKubeSocketPath(line, server, Listener.Usual, delay)
                    : new BareSocketPath(line, server, Listener.Usual, delay);
            }

            var cost = client.Round();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cost.Microseconds:R} {cost.Bytes:R}"));
        }

        foreach (var client in clients.Values)
        {
            client.Dispose();
        }

        return 0;
    }
}
