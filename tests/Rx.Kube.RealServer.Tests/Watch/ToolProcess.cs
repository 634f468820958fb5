using System.Diagnostics;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Runs the tool as a process and reads its lines and its exit code.</summary>
/// <typeparam name="TLine">The type of a line.</typeparam>
public abstract class ToolProcess<TLine> : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<TLine> _lines = [];
    private readonly SemaphoreSlim _lineArrived = new(0);
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private readonly Func<string, TLine> _parse;

    protected ToolProcess(Func<string, TLine> parse, params string[] arguments)
    {
        _parse = parse;
        _process = Start(arguments);
        _reading = Task.Run(ReadAsync);
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Gets the lines so far.</summary>
    public IReadOnlyList<TLine> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for the first line, from an index on, that fulfils a predicate, and returns its index.</summary>
    public async Task<int> WaitForAsync(Func<TLine, bool> fits, string what, int from = 0)
    {
        using var limit = new CancellationTokenSource(_limit);
        while (true)
        {
            var lines = Lines;
            for (; from < lines.Count; from++)
            {
                if (fits(lines[from]))
                {
                    return from;
                }
            }

            try
            {
                if (_reading.IsCompleted)
                {
                    throw new InvalidOperationException(
                        $"The tool ended while the test waited for {what}. Standard error:\n{await _errors}");
                }

                await _lineArrived.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"No line with {what} in {_limit.TotalSeconds} s. The last lines:\n{string.Join('\n', lines.TakeLast(5))}");
            }
        }
    }

    /// <summary>Stops the process with its connections (SIGSTOP).</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Continues the process (SIGCONT).</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Ends the tool with SIGTERM.</summary>
    /// <returns>The exit code and standard error.</returns>
    public async Task<(int ExitCode, string Errors)> StopAsync()
    {
        await SignalAsync("TERM");
        using var limit = new CancellationTokenSource(_limit);
        await _process.WaitForExitAsync(limit.Token);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
        _lineArrived.Dispose();
    }

    protected static string Assembly => Path.Combine(AppContext.BaseDirectory, "rxkube.dll");

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private async Task SignalAsync(string signal) =>
        (await CommandResult.RunAsync("/bin/sh", ["-c", "kill -s \"$1\" \"$2\"", "kill", signal, $"{_process.Id}"])).OutputOrThrow();

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(_parse(line));
            }

            _lineArrived.Release();
        }
    }
}
