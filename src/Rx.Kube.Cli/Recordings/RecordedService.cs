using System.Globalization;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Recordings;

/// <summary>A recording of one Service, as a command reads it.</summary>
/// <param name="File">The file.</param>
/// <param name="Recording">The recording.</param>
/// <param name="Service">The Service.</param>
internal sealed record RecordedService(string File, Recording Recording, ServiceName Service)
{
    private const int MostWarnings = 20;

    // A recording of a day of a large Service is some hundred megabytes.
    private static readonly WireLimits _limits = new() { MaxRetainedBytes = 1L << 30 };

    // A pipe from a command may take as long as the command; one without a writer hangs.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads a file. Tells when that takes long.</summary>
    /// <param name="file">The file.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <returns>The recording; null if the user stopped the tool before it was read.</returns>
    /// <exception cref="UsageException">The file cannot be read, or is not a recording of the EndpointSlices of a Service.</exception>
    public static async Task<RecordedService?> OpenAsync(string file, CliHost host)
    {
        if (file.Length == 0)
        {
            throw new UsageException("The name of a recording is empty. To fix: name a file.");
        }

        Recording? recording;
        try
        {
            using var telling = Observable.Timer(_patience, host.Scheduler).Subscribe(_ => host.Error.WriteLine(
                $"rxkube: {TerminalText.Escape(file, 1000)} is not read completely after {HumanFormat.Span(_patience)}. "
                + "If it is a pipe, it waits for its writer; Ctrl+C stops"));
            recording = await Observable.Start(() => (Recording?)Recording.Open(file, _limits), host.Files)
                .TakeUntil(host.Stop.Merge(host.OutputClosed)).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RecordingException)
        {
            throw new UsageException($"{file}: {e.Message}", e);
        }

        if (recording is null)
        {
            return null;
        }

        foreach (var warning in recording.Warnings.Take(MostWarnings))
        {
            host.Error.WriteLine($"rxkube: {TerminalText.Escape(file, 1000)}: {warning}");
        }

        if (recording.Warnings.Length > MostWarnings)
        {
            host.Error.WriteLine(
                $"rxkube: {TerminalText.Escape(file, 1000)}: {recording.Warnings.Length - MostWarnings} more such warnings");
        }

        var header = recording.Header;
        if (header.Plural is not ("" or "endpointslices"))
        {
            throw new UsageException($"{file} is a recording of {header.Plural}. To fix: name one of endpointslices.");
        }

        return KubeNames.IsLabel(header.Service) && KubeNames.IsLabel(header.Namespace)
            ? new(file, recording, new ServiceName(header.Namespace, header.Service))
            : throw new UsageException($"{file} is not a recording of one Service. To fix: record one with 'rxkube record SERVICE'.");
    }

    /// <summary>Reads a time of the recording.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="text">The text; null for the default.</param>
    /// <param name="usual">The default.</param>
    /// <returns>The time since the start.</returns>
    /// <exception cref="UsageException">The text is no time in the recording.</exception>
    public TimeSpan Time(string option, string? text, TimeSpan usual)
    {
        if (text is null)
        {
            return usual;
        }

        var isTime = Duration.TryParse(text, out var time);
        if (!isTime && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
        {
            (isTime, time) = (true, moment - Recording.Header.Started);
        }

        return isTime && time >= TimeSpan.Zero && time <= Recording.Duration ? time : throw new UsageException(
            isTime
                ? $"{option} {text} is not in the recording, which starts at {Recording.Header.Started:O} and lasts "
                    + $"{HumanFormat.Span(Recording.Duration)}."
                : $"{option} '{text}' is not a time. To fix: write 90s, 1h30m or 2026-11-27T03:04:05Z.");
    }
}
