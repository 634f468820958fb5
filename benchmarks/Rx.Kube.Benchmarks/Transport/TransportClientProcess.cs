using System.Globalization;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>The process of <see cref="TransportClient"/>, with a variable of the environment that .NET reads.</summary>
internal sealed class TransportClientProcess(int slices, string variable, string value) : IDisposable
{
    private readonly OwnProcess _process =
        new(["transport-client", slices.ToString(CultureInfo.InvariantCulture)], (variable, value));

    /// <summary>Gets Rx.Kube in that process.</summary>
    public Contestant Ours(int delay) => new Remote(_process, "ours", delay);

    /// <summary>Gets the bare reader in that process.</summary>
    public Contestant Bare(int delay) => new Remote(_process, "bare", delay);

    public void Dispose() => _process.Dispose();

    private sealed class Remote(OwnProcess process, string name, int delay) : Contestant(name)
    {
        public override Cost Round()
        {
            process.Write(string.Create(CultureInfo.InvariantCulture, $"{Name} {delay}"));
            return process.Read().Split(' ') is [var time, var bytes]
                ? new(double.Parse(time, CultureInfo.InvariantCulture), double.Parse(bytes, CultureInfo.InvariantCulture))
                : throw new FormatException();
        }
    }
}
