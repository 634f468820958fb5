using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Output;

/// <summary>The objects that could not be decoded.</summary>
internal static class SkippedObjects
{
    /// <summary>One such object in words.</summary>
    /// <param name="skipped">The object.</param>
    /// <returns>The words, escaped.</returns>
    public static string Describe(SkippedObject skipped) =>
        $"skipped {EndpointWords.Name(skipped.Namespace)}/{EndpointWords.Name(skipped.Name)}: {TerminalText.Escape(skipped.Reason, 500)}";

    /// <summary>The objects that a snapshot newly had to skip.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The one before; null for the first.</param>
    /// <returns>The objects; a new version of an object that was skipped before for the same reason is not news.</returns>
    public static IEnumerable<SkippedObject> News(ServiceTopology snapshot, ServiceTopology? previous) =>
        previous is null || previous.Skipped.IsEmpty
            ? snapshot.Skipped
            : snapshot.Skipped.ExceptBy(previous.Skipped.Select(Key), Key);

    private static (string Namespace, string Name, string Reason) Key(SkippedObject skipped) =>
        (skipped.Namespace, skipped.Name, skipped.Reason);
}
