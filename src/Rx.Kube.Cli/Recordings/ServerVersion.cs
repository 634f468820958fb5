using System.Reactive.Concurrency;
using Rx.Kube.Cli.Doctor;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Asks for the version of an API server, for the header of a recording.</summary>
internal static class ServerVersion
{
    // The recording begins after the answer: a server that is away must not hold it up.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks.</summary>
    /// <param name="source">The source.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The version, such as <c>v1.36.2</c>; empty if it is unknown.</returns>
    public static async Task<string> AskAsync(WatchSource source, IScheduler scheduler)
    {
        if (source.Connection is not { } connection)
        {
            return "";
        }

        try
        {
            var questions = new Questions(connection, _limit, scheduler);
            var answer = await questions.GetAsync("version", CancellationToken.None).ConfigureAwait(false);
            return PathChecks.VersionOf(answer.Body, connection) ?? "";
        }
        catch (KubeException)
        {
            return ""; // what is wrong is told by the watch
        }
    }
}
