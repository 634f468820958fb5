using System.Diagnostics;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>This program in another process, which ends with its standard input.</summary>
internal sealed class OwnProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="environment">Variables of the environment besides those of this process.</param>
    public OwnProcess(string[] arguments, params (string Name, string Value)[] environment)
    {
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [.. isHosted ? [typeof(Program).Assembly.Location] : (string[])[], .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void Write(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Reads a line of its standard output.</summary>
    public string Read()
    {
        using var limit = new CancellationTokenSource(Limit);
        return _process.StandardOutput.ReadLineAsync(limit.Token).AsTask().GetAwaiter().GetResult()
            ?? throw new InvalidOperationException("The other process ended.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
