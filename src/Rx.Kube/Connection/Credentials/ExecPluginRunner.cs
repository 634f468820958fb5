using System.ComponentModel;
using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Kube;

/// <summary>
/// Runs an exec plugin: without a shell or standard input, with a time limit and a cap on its output. Its standard error goes to the
/// application's handler of notices and nowhere else, since it may contain a token; errors give the exit code.
/// </summary>
internal static class ExecPluginRunner
{
    private const int ArgumentsTooLong = 7; // E2BIG, on Linux and macOS

    // How long the end of standard error may be behind the end of the plugin: a process that it left behind may hold it open.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a plugin once.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">How long it may run, its limits, and the clock.</param>
    /// <param name="onErrorLine">Takes the lines of its standard error, escaped.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its standard output.</returns>
    /// <exception cref="KubeConfigurationException">The plugin is missing, failed, wrote too much or took too long.</exception>
    public static async Task<byte[]> RunAsync(
        ExecPlugin plugin, KubeConnectionOptions options, Action<string> onErrorLine, CancellationToken cancellationToken)
    {
        var (timeout, limits, scheduler) = (options.ExecTimeout, options.Limits, options.Scheduler);
        var path = ExecutableFinder.Find(plugin.Command, plugin.SearchPath) ?? throw Missing(plugin);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = Start(plugin, path);
        using var timer = scheduler.Schedule(timeout, () => TryCancel(limit));
        try
        {
            process.StandardInput.Close();
            var errors = new PluginErrorLines(onErrorLine, scheduler, limits.MaxPluginErrorLines)
                .ReadAsync(process.StandardError.BaseStream, limit.Token);
            var reading = ReadAsync(process.StandardOutput.BaseStream, limits.MaxPluginBytes, limit.Token);
            await Task.WhenAny(reading, process.WaitForExitAsync(limit.Token)).ConfigureAwait(false);
            if (!reading.IsCompleted && process.HasExited)
            {
                // Go's os/exec has the same, WaitDelay.
                await reading.ToObservable().TakeUntil(Observable.Timer(limits.MaxPluginDelay, scheduler)).LastOrDefaultAsync();
                if (!reading.IsCompleted)
                {
                    await limit.CancelAsync().ConfigureAwait(false);
                    throw Failed(plugin, process.ExitCode != 0
                        ? $"failed with exit code {process.ExitCode}"
                        : "exited, but a process that it started keeps its output open, so that the end of its answer is not known "
                            + "(start such a process with another standard output, "
                            + $"or raise {nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxPluginDelay)})");
                }
            }

            var output = await reading.ConfigureAwait(false);
            if (output is null)
            {
                throw Failed(
                    plugin, $"wrote more than {ConnectionLimits.Text(limits.MaxPluginBytes)}",
                    $"{nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxPluginBytes)}");
            }

            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            await errors.ToObservable().TakeUntil(Observable.Timer(LastWords, scheduler)).LastOrDefaultAsync();
            return process.ExitCode == 0 ? output : throw Failed(plugin, $"failed with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(plugin, $"did not finish within {timeout.TotalSeconds:0.#} s and was stopped (it may be waiting for input, "
                + "which is not available here, or for a login elsewhere: log in with it first)");
        }
        catch (IOException)
        {
            throw Failed(plugin, "wrote output that cannot be read");
        }
        finally
        {
            Kill(process);

            // A process that it left behind may hold the other ends of the pipes, and Process closes none that was read.
            await limit.CancelAsync().ConfigureAwait(false);
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
        }
    }

    /// <summary>An error that names the plugin and says how to see its own message.</summary>
    public static KubeConfigurationException Failed(ExecPlugin plugin, string how, string? limit = null) => new(
        $"{Printable.Sentence(plugin.Description)} {how}. "
        + "To fix: run it in a terminal as that file describes, and read its own message; or log in again"
        + (limit is null ? "." : $"; or raise {limit}."));

    private static KubeConfigurationException Missing(ExecPlugin plugin) => new(
        $"{Printable.Sentence(plugin.Description)} was not found or may not be executed. To fix: install it"
        + (plugin.Command.Contains('/', StringComparison.Ordinal) ? "" : " and put it into PATH")
        + (plugin.InstallHint.Length > 0 ? $". Its hint: {Printable.Of(plugin.InstallHint, 2000)}" : "."));

    private static Process Start(ExecPlugin plugin, string path)
    {
        var info = new ProcessStartInfo(path)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in plugin.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in plugin.Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment["KUBERNETES_EXEC_INFO"] = plugin.ExecInfo;
        try
        {
            return Process.Start(info) ?? throw Missing(plugin);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == ArgumentsTooLong && !OperatingSystem.IsWindows())
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(plugin.Description)} cannot be started: its arguments or environment are longer than the system "
                + $"allows (KUBERNETES_EXEC_INFO has {plugin.ExecInfo.Length} characters). "
                + "To fix: set provideClusterInfo to false if the plugin does not need it, or use a smaller certificate-authority.");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or ArgumentException)
        {
            throw Missing(plugin);
        }
    }

    // A read from a pipe may ignore cancellation while a grandchild holds the other end, hence WaitAsync.
    private static async Task<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).AsTask().WaitAsync(cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            length += read;
            if (length > maxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    private static void TryCancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The plugin ended at the same moment.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended by itself, or can no longer be killed.
        }
    }
}
