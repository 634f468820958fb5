using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>The options of a recording: of <c>RecordTo</c>.</summary>
/// <typeparam name="T">The type of the recorded objects.</typeparam>
public sealed record RecordingOptions<T>
{
    /// <summary>
    /// Gets what the first line says. <see cref="RecordingHeader.Started"/> and <see cref="RecordingHeader.IsAnonymized"/> are set when the
    /// recording starts; for the models of this library, an empty <see cref="RecordingHeader.Plural"/> stands for their resource.
    /// </summary>
    public RecordingHeader Header { get; init; } = new();

    /// <summary>
    /// Gets how to write an object as the server would send it; null for EndpointSlices, which <see cref="SliceJson"/> writes, and for
    /// <see cref="RawObject"/>s.
    /// </summary>
    public Action<Utf8JsonWriter, T>? Encode { get; init; }

    /// <summary>
    /// Gets whether names, namespaces, nodes, zones, uids and addresses are replaced by pseudonyms, the same one for the same text, and
    /// fields that no model of this library has are left out. The default is false. A ring of pseudonyms places keys differently.
    /// </summary>
    public bool Anonymize { get; init; }

    /// <summary>
    /// Gets what removes secrets from each text of an object and of an error: <see cref="KubeConnection.Redact"/> of the connection that is
    /// recorded; null for nothing. <c>managedFields</c>, annotations that no model has, and fields that could be secrets are left out in
    /// any case.
    /// </summary>
    public Func<string, string>? Redact { get; init; }

    /// <summary>Gets the notes that become marks when they come; null for none. It may emit on any thread.</summary>
    public IObservable<string>? Marks { get; init; }

    /// <summary>Gets whether an existing file is replaced. The default is false: a recording is evidence.</summary>
    public bool Overwrite { get; init; }
}
