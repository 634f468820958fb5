using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Output;

/// <summary>Reports objects that could not be decoded.</summary>
internal static class SkippedObjects
{
    /// <summary>Describes a skipped object.</summary>
    /// <param name="skipped">The object.</param>
    /// <returns>The text, escaped.</returns>
    public static string Describe(SkippedObject skipped) =>
        $"skipped {EndpointFormat.Name(skipped.Namespace)}/{EndpointFormat.Name(skipped.Name)}: {TerminalText.Escape(skipped.Reason, 500)}";

    /// <summary>Gets the objects that a snapshot skips and the previous one did not.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The previous snapshot of the same stream; null for the first one.</param>
    /// <returns>The objects; a new version of an object that is skipped for the same reason is not among them.</returns>
    public static IEnumerable<SkippedObject> News(ServiceTopology snapshot, ServiceTopology? previous) =>
        previous is null ? snapshot.Skipped : snapshot.NewlySkipped;
}
