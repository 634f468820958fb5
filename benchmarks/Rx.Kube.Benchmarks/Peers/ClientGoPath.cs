using System.Diagnostics;
using System.Globalization;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>
/// The client-go informer in a process of its own, from the same bytes; for protobuf, the same objects in that format. It measures
/// itself: the processor time of its threads and what it allocates.
/// </summary>
internal sealed class ClientGoPath : Contestant
{
    private readonly Process _process;

    private ClientGoPath(string format, Process process)
        : base($"client-go {format}") => _process = process;

    /// <summary>Starts the informer, which lists.</summary>
    /// <param name="format"><c>json</c> or <c>protobuf</c>.</param>
    /// <param name="files">The bytes that it reads.</param>
    public static ClientGoPath Start(string format, WorkloadFiles files)
    {
        var process = ClientGo.Start(
            "wire", "--format", format, "--list", files.List, "--events", files.Events, "--namespace", SliceWorkload.Namespace);
        var path = new ClientGoPath(format, process);
        return path.ReadLine() == "ready" ? path : throw new InvalidOperationException("The client-go informer did not start.");
    }

    public override Cost Round()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        var figures = ReadLine()!.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new(figures[0] / 1000, figures[1]);
    }

    public override void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
        base.Dispose();
    }

    private string? ReadLine() => _process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("The client-go informer ended.");
}
