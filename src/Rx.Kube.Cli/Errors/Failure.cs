using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Errors;

/// <summary>What the tool says when it cannot go on: what happened, and what cures it. Escaped.</summary>
internal static class Failure
{
    private const int MaxMessage = 4000;

    /// <summary>Explains why the cluster cannot be used.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The words; null when the error is not the cluster's but a defect.</returns>
    public static string? Explain(Exception error) => error switch
    {
        FirstSyncTimeoutException late => Late(late),
        KubeForbiddenException forbidden => Forbidden(forbidden),
        KubeException known => $"rxkube: {Safe(known.Message)}",
        _ => null,
    };

    /// <summary>Describes a defect of the tool.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The words.</returns>
    public static string Defect(Exception error) =>
        $"rxkube: unexpected {error.GetType().Name}: {Safe(error.Message)}\n{string.Join('\n', StackOf(error))}";

    private static string Late(FirstSyncTimeoutException late)
    {
        var waited = $"rxkube: no complete snapshot within {Words.Span(late.Timeout)} (--timeout)";
        if (late.Cause is not { } cause)
        {
            return $"{waited}: the server has not answered. Check that it is up and reachable, or wait longer.";
        }

        return cause.Error is { } error && Explain(error) is { } why
            ? $"{waited}; the last attempt:\n{why}"
            : $"{waited}; the last attempt:\nrxkube: {Safe(cause.Message)}";
    }

    private static string Forbidden(KubeForbiddenException forbidden) => $"""
        rxkube: the API server does not allow to {Safe(forbidden.Permission.ToString())}: {Safe(forbidden.Status.Message)}

        The tool needs to list and watch EndpointSlices in that namespace. Somebody who may grant it can apply this with
        'kubectl apply -f':

        {forbidden.Permission.ToManifest()}
        """;

    private static IEnumerable<string> StackOf(Exception error) =>
        (error.StackTrace ?? "").Split('\n').Select(line => TerminalText.Escape(line.TrimEnd('\r')));

    private static string Safe(string message) => TerminalText.Escape(message, MaxMessage);
}
