using System.Collections.Concurrent;

namespace Rx.Kube;

/// <summary>
/// Reads the small files of a configuration. Every error names the file and how to fix it. Every call is bounded in time: a file may be a
/// pipe without a writer, or on a network file system that does not answer.
/// </summary>
internal static class ConfigFile
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(10);

    // A read that hangs cannot be cancelled: it keeps its thread. The file may be replaced meanwhile, so another read begins, each time
    // after a longer pause.
    private static readonly ConcurrentDictionary<string, Reading> _running = new();

    /// <summary>Reads a whole file. Blocks for at most the time that it may take.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, such as "the token file".</param>
    /// <param name="fix">The sentence that ends an error message and says how to fix it.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="isKubeconfig">Whether it may take the time of a kubeconfig, which may be a pipe from a command.</param>
    /// <param name="clock">The clock; null for real time.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="KubeConfigurationException">
    /// The file is missing, not readable, larger than <see cref="ConnectionLimits.MaxFileBytes"/>, or was not read in time.
    /// </exception>
    public static byte[] Read(
        string path, string what, string fix, ConnectionLimits limits, bool isKubeconfig = false, FileClock? clock = null)
    {
        clock ??= FileClock.Real;
        var within = isKubeconfig ? limits.MaxKubeconfigTime : limits.MaxFileTime;
        try
        {
            return ReadingOf(path, limits, within, clock).Within(within, clock)
                ?? throw new KubeConfigurationException(
                    $"{Start(path, what)} was not read within {within.TotalSeconds:0.###} s. "
                    + $"It is a pipe without a writer, or its file system does not answer. {fix} "
                    + $"If it needs longer, raise {nameof(ConnectionLimits)}."
                    + $"{(isKubeconfig ? nameof(ConnectionLimits.MaxKubeconfigTime) : nameof(ConnectionLimits.MaxFileTime))}.");
        }
        catch (TooLargeException)
        {
            throw new KubeConfigurationException(
                $"{Start(path, what)} is larger than {ConnectionLimits.Text(limits.MaxFileBytes)}. {fix} "
                + $"If it has to be that large, raise {nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxFileBytes)}.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeConfigurationException($"{Start(path, what)} does not exist. {fix}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = Directory.Exists(path) ? "is a directory"
                : e is UnauthorizedAccessException ? "may not be read by this user" : "cannot be read";
            throw new KubeConfigurationException($"{Start(path, what)} {why}. {fix}", e);
        }
    }

    /// <summary>Gets how many threads a file keeps; zero while no read of it runs.</summary>
    internal static int ThreadsOf(string path) => _running.TryGetValue(path, out var reading) ? reading.Number : 0;

    /// <summary>Calls a function that reads files, on a thread of its own.</summary>
    /// <param name="read">The function.</param>
    /// <returns>Its result.</returns>
    public static Task<T> OffThread<T>(Func<T> read) => Task.Factory.StartNew(
        read, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static Reading ReadingOf(string path, ConnectionLimits limits, TimeSpan within, FileClock clock)
    {
        var reading = Running(number: 1);
        if (reading.Number < limits.MaxFileThreads && clock.Now() - reading.Since >= Pause(within, reading.Number))
        {
            _running.TryUpdate(path, new Reading(path, limits.MaxFileBytes, clock.Now(), reading.Number + 1), reading);
            return Running(number: 1);
        }

        return reading;

        Reading Running(int number) => _running.GetOrAdd(path, new Reading(path, limits.MaxFileBytes, clock.Now(), number));
    }

    // In seconds: the product may be longer than a TimeSpan.
    private static TimeSpan Pause(TimeSpan limit, int number) =>
        TimeSpan.FromSeconds(Math.Min(limit.TotalSeconds * Math.Pow(2, number - 1), _longestPause.TotalSeconds));

    private static string Start(string path, string what) => $"{Printable.Sentence(what)} {Printable.Of(path)}";

    private static byte[] ReadAll(string path, int maxBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var buffer = new byte[4096];
        var length = 0;
        while (file.Read(buffer, length, buffer.Length - length) is var read and > 0)
        {
            length += read;
            if (length > maxBytes)
            {
                throw new TooLargeException();
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }

        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>A read on a thread of its own, shared by those who ask for the file while it runs.</summary>
    private sealed class Reading
    {
        private readonly Lazy<Task<byte[]>> _bytes;

        /// <param name="path">The file.</param>
        /// <param name="maxBytes">Its largest size.</param>
        /// <param name="since">When it begins.</param>
        /// <param name="number">1, and one more for each read of this file that hangs.</param>
        public Reading(string path, int maxBytes, TimeSpan since, int number)
        {
            (Since, Number) = (since, number);
            _bytes = new(() => OffThread(() =>
            {
                try
                {
                    return ReadAll(path, maxBytes);
                }
                finally
                {
                    _running.TryRemove(KeyValuePair.Create(path, this)); // before the result is there: the next call reads again
                }
            }));
        }

        public int Number { get; }

        public TimeSpan Since { get; }

        /// <summary>Waits for the bytes until the read has run for as long as the limit; null if it has not ended by then.</summary>
        public byte[]? Within(TimeSpan limit, FileClock clock)
        {
            var rest = limit - (clock.Now() - Since);
            try
            {
                return clock.Wait(_bytes.Value, rest > TimeSpan.Zero ? rest : TimeSpan.Zero) ? _bytes.Value.Result : null;
            }
            catch (AggregateException)
            {
                return _bytes.Value.GetAwaiter().GetResult(); // throws the exception itself
            }
        }
    }

    private sealed class TooLargeException : Exception;
}

/// <summary>The clock of the reads of files; tests replace it.</summary>
/// <param name="Now">Gets a time that only grows.</param>
/// <param name="Wait">Waits for a task, at most for a time, and gets whether it has ended.</param>
internal sealed record FileClock(Func<TimeSpan> Now, Func<Task, TimeSpan, bool> Wait)
{
    public static FileClock Real { get; } =
        new(() => TimeSpan.FromMilliseconds(Environment.TickCount64), (task, time) => task.Wait(time));
}
