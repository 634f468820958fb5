using System.Diagnostics;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Hosting.Tests.Support;

/// <summary>The sample <c>HostedWorker</c> in a process of its own.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;

    private WorkerProcess(Process process) => (_process, _output) = (process, process.StandardOutput.ReadToEndAsync());

    public string Output => _output.Result;

    public static WorkerProcess Start(Uri server)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Repository.PathOf($"samples/HostedWorker/bin/{configuration}/net10.0/HostedWorker.dll");
        return new(Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program, $"--Kube:Connection:Server={server}", "--Kube:Connection:Namespace=prod" },
            RedirectStandardOutput = true,
        })!);
    }

    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
