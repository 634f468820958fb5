using System.Globalization;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>The process of <see cref="TransportServer"/>.</summary>
internal sealed class TransportServerProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-compare-").FullName;
    private readonly OwnProcess _process;
    private readonly int[] _ports;
    private int _watches;

    public TransportServerProcess(SliceWorkload workload)
    {
        Workload = workload;
        _process = new(["transport-server", _folder, workload.Slices.ToString(CultureInfo.InvariantCulture)]);
        _ports = [.. _process.Read().Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
    }

    /// <summary>Gets the same events as the server has.</summary>
    public SliceWorkload Workload { get; }

    /// <summary>Gets the file of the certificate's authority.</summary>
    public string CaFile => Path.Combine(_folder, TransportServer.CertificateFile);

    /// <summary>Gets a path for the file of a watch.</summary>
    public string FileFor(string watch) => Path.Combine(_folder, watch);

    /// <summary>Gets a name for a new watch.</summary>
    public string NewWatch() => string.Create(CultureInfo.InvariantCulture, $"watch-{++_watches}");

    /// <summary>Gets the address for a watch.</summary>
    public Uri AddressOf(Listener listener, string watch)
    {
        var port = _ports[Array.IndexOf(Listener.All, listener)];
        return new($"{(listener.IsTls ? "https" : "http")}://localhost:{port}/{watch}/");
    }

    /// <summary>Waits until the server has a watch.</summary>
    public void WaitFor(string watch)
    {
        if (_process.Read() is var line && line != watch)
        {
            throw new InvalidOperationException($"The server has opened {line} instead of {watch}.");
        }
    }

    /// <summary>Lets a watch send its next round.</summary>
    /// <param name="watch">The watch.</param>
    /// <param name="delay">The milliseconds between two events.</param>
    public void Send(string watch, int delay) => _process.Write(string.Create(CultureInfo.InvariantCulture, $"{watch} {delay}"));

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
