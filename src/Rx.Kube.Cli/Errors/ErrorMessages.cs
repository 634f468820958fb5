using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Errors;

/// <summary>Formats the errors that end the tool: the cause and the fix. The texts are escaped.</summary>
internal static class ErrorMessages
{
    private const int MaxMessage = 4000;

    /// <summary>Formats the reason why the cluster cannot be used.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The text; null when the error is a defect of the tool.</returns>
    public static string? Explain(Exception error) => error switch
    {
        FirstSyncTimeoutException late => Late(late),
        KubeForbiddenException forbidden => Forbidden(forbidden),
        KubeException known => $"rxkube: {Safe(known.Message)}",
        _ => null,
    };

    /// <summary>Formats the reason why standard output cannot be written.</summary>
    /// <param name="error">The error.</param>
    /// <returns>One line.</returns>
    public static string Unwritable(OutputException error) =>
        $"rxkube: {Safe(error.Message)}. To fix: free space on the disk, or write to another place.";

    /// <summary>Formats a defect of the tool.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The text.</returns>
    public static string Defect(Exception error) =>
        $"rxkube: unexpected {error.GetType().Name}: {Safe(error.Message)}\n{string.Join('\n', StackOf(error))}";

    private static string Late(FirstSyncTimeoutException late)
    {
        var time = late.Timeout < TimeSpan.FromSeconds(1) ? $"{late.Timeout.TotalMilliseconds:0}ms" : HumanFormat.Span(late.Timeout);
        var waited = $"rxkube: no complete snapshot within {time} (--timeout)";
        if (late.WaitingFor is { } pending)
        {
            return $"{waited}: still waiting for {Safe(pending)}. "
                + "To fix: check why there is no answer (a plugin may want a login), or use a longer --timeout.";
        }

        if (late.UnfinishedList is { } list)
        {
            return $"{waited}: the server answers, but {Safe(list)}. "
                + "To fix: check the server, and a proxy in front of it, or use a longer --timeout.";
        }

        if (late.LastFailure is not { } failure)
        {
            return $"{waited}: the server has not answered. To fix: check that it is running and reachable, or use a longer --timeout.";
        }

        return late.Interruption?.Error is { } error && Explain(error) is { } why
            ? $"{waited}; the last attempt:\n{why}"
            : $"{waited}; the last attempt:\nrxkube: {Safe(failure)}";
    }

    private static string Forbidden(KubeForbiddenException forbidden) => forbidden.Permission.IsAnonymous
        ? $"rxkube: {Safe(forbidden.Message)}"
        : $"""
        rxkube: the API server does not allow the user to {Safe(forbidden.Permission.ToString())}: {Safe(forbidden.Status.Message)}

        rxkube must list and watch EndpointSlices in that namespace. To fix: a cluster administrator applies this manifest with
        'kubectl apply -f':

        {forbidden.Permission.ToManifest()}
        """;

    private static IEnumerable<string> StackOf(Exception error) =>
        (error.StackTrace ?? "").Split('\n').Select(line => TerminalText.Escape(line.TrimEnd('\r')));

    private static string Safe(string message) => TerminalText.Escape(message, MaxMessage);
}
