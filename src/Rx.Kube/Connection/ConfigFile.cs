using System.Collections.Concurrent;

namespace Rx.Kube;

/// <summary>
/// Reads the small files of a configuration. Every error names the file and how to fix it. Every call is bounded in time: a file may be a
/// pipe without a writer, or on a network file system that does not answer.
/// </summary>
internal static class ConfigFile
{
    /// <summary>
    /// The maximum file size: far larger than any certificate bundle, token or kubeconfig, and small enough to read into memory.
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The time that a file may take. A kubeconfig has more: it may be a pipe from a command.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    /// <summary>The time that a kubeconfig may take: as long as an exec plugin, by default.</summary>
    public static readonly TimeSpan MaxKubeconfigTime = TimeSpan.FromSeconds(60);

    internal const int MostThreads = 64;
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(10);

    // A read that hangs cannot be cancelled: it keeps its thread. The file may be replaced meanwhile, so another read begins, each time
    // after a longer pause.
    private static readonly ConcurrentDictionary<string, Reading> _running = new();

    /// <summary>Reads a whole file. Blocks for at most the limit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, such as "the token file".</param>
    /// <param name="fix">The sentence that ends an error message and says how to fix it.</param>
    /// <param name="limit">The time that it may take; null for <see cref="MaxTime"/>.</param>
    /// <param name="wait">Waits for a task, at most for a time, and gets whether it has ended; null for real time.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="KubeConfigurationException">
    /// The file is missing, not readable, larger than <see cref="MaxBytes"/>, or was not read in time.
    /// </exception>
    public static byte[] Read(
        string path, string what, string fix, TimeSpan? limit = null, Func<Task, TimeSpan, bool>? wait = null)
    {
        var within = limit ?? MaxTime;
        try
        {
            return ReadingOf(path, within).Within(within, wait ?? ((task, time) => task.Wait(time)))
                ?? throw new KubeConfigurationException(
                    $"{Start(path, what)} was not read within {within.TotalSeconds:0.###} s. "
                    + $"It is a pipe without a writer, or its file system does not answer. {fix}");
        }
        catch (TooLargeException)
        {
            throw new KubeConfigurationException($"{Start(path, what)} is larger than {MaxBytes / 1024 / 1024} MiB. {fix}");
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

    private static Reading ReadingOf(string path, TimeSpan limit)
    {
        var reading = _running.GetOrAdd(path, static path => new Reading(path, 1));
        if (reading.Number < MostThreads && reading.Age >= Pause(limit, reading.Number))
        {
            _running.TryUpdate(path, new Reading(path, reading.Number + 1), reading);
            return _running.GetOrAdd(path, static path => new Reading(path, 1));
        }

        return reading;
    }

    private static TimeSpan Pause(TimeSpan limit, int number) =>
        limit * Math.Pow(2, number - 1) is var pause && pause < _longestPause ? pause : _longestPause;

    private static string Start(string path, string what) => $"{Printable.Sentence(what)} {Printable.Of(path)}";

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var buffer = new byte[4096];
        var length = 0;
        while (file.Read(buffer, length, buffer.Length - length) is var read and > 0)
        {
            length += read;
            if (length > MaxBytes)
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
        private readonly long _since = Environment.TickCount64;
        private readonly Lazy<Task<byte[]>> _bytes;

        /// <param name="path">The file.</param>
        /// <param name="number">1, and one more for each read of this file that hangs.</param>
        public Reading(string path, int number)
        {
            Number = number;
            _bytes = new(() => OffThread(() =>
            {
                try
                {
                    return ReadAll(path);
                }
                finally
                {
                    _running.TryRemove(KeyValuePair.Create(path, this)); // before the result is there: the next call reads again
                }
            }));
        }

        public int Number { get; }

        public TimeSpan Age => TimeSpan.FromMilliseconds(Environment.TickCount64 - _since);

        /// <summary>Waits for the bytes until the read has run for as long as the limit; null if it has not ended by then.</summary>
        public byte[]? Within(TimeSpan limit, Func<Task, TimeSpan, bool> wait)
        {
            var rest = limit - Age;
            try
            {
                return wait(_bytes.Value, rest > TimeSpan.Zero ? rest : TimeSpan.Zero) ? _bytes.Value.Result : null;
            }
            catch (AggregateException)
            {
                return _bytes.Value.GetAwaiter().GetResult(); // throws the exception itself
            }
        }
    }

    private sealed class TooLargeException : Exception;
}
