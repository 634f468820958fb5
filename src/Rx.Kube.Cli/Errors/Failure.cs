using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Connection;
using Rx.Kube.Watching;

namespace Rx.Kube.Cli.Errors;

/// <summary>What the tool says when it cannot go on: what happened, and what cures it. Escaped.</summary>
internal static class Failure
{
    private const int MaxMessage = 4000;

    /// <summary>Explains why the cluster cannot be used.</summary>
    /// <param name="error">The error.</param>
    /// <param name="namespace">The namespace that was to be watched.</param>
    /// <returns>The words; null when the error is not the cluster's but a defect.</returns>
    public static string? Explain(Exception error, string @namespace) => error switch
    {
        FirstSyncTimeoutException late => Late(late, @namespace),
        KubeStatusException { Status.Code: 403 } forbidden => Forbidden(forbidden, @namespace),
        KubeException known => $"rxkube: {Safe(known.Message)}",
        _ => null,
    };

    /// <summary>Describes a defect of the tool.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The words.</returns>
    public static string Defect(Exception error) =>
        $"rxkube: unexpected {error.GetType().Name}: {Safe(error.Message)}\n{string.Join('\n', StackOf(error))}";

    private static string Late(FirstSyncTimeoutException late, string @namespace)
    {
        var waited = $"rxkube: no complete snapshot within {Words.Span(late.Timeout)} (--timeout)";
        if (late.Cause is not { } cause)
        {
            return $"{waited}: the server has not answered. Check that it is up and reachable, or wait longer.";
        }

        return cause.Error is { } error && Explain(error, @namespace) is { } why
            ? $"{waited}; the last attempt:\n{why}"
            : $"{waited}; the last attempt:\nrxkube: {Safe(cause.Message)}";
    }

    private static string Forbidden(KubeStatusException forbidden, string @namespace) => $"""
        rxkube: {Refusal(forbidden)}

        What is missing is the right to list and watch EndpointSlices in the namespace {@namespace}. Somebody who may grant it can
        apply this with 'kubectl apply -f':

        {RbacManifest.For(@namespace, forbidden.Status.Message)}
        """;

    // The exception's own message holds a manifest as well, which does not know the user's name.
    private static string Refusal(KubeStatusException forbidden)
    {
        var said = forbidden.Status.Message.Length == 0 ? "403" : Safe(forbidden.Status.Message);
        return forbidden is KubeForbiddenException { Permission: var permission }
            ? $"the API server does not allow to {Safe(permission.ToString())}: {said}"
            : $"the API server refuses: {said}";
    }

    private static IEnumerable<string> StackOf(Exception error) =>
        (error.StackTrace ?? "").Split('\n').Select(line => TerminalText.Escape(line.TrimEnd('\r')));

    private static string Safe(string message) => TerminalText.Escape(message, MaxMessage);
}
