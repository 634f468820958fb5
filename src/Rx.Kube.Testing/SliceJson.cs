using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>
/// Writes EndpointSlices as an API server sends them, for the body of a <see cref="ScriptedResponse"/>, and as a client sends them.
/// </summary>
/// <remarks>Events end with a line feed. An empty list of endpoints or ports is null, as a real server sends it.</remarks>
public static class SliceJson
{
    private const string Version = "discovery.k8s.io/v1";

    // Keeps scripts readable. The output never becomes part of an HTML page.
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    /// <param name="slice">The slice.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Of(EndpointSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return Write(w => SliceJsonWriter.Write(w, slice, withKind: true));
    }

    /// <summary>
    /// Writes an object as a client creates it: without the uid and the version, which the server sets. The simulator takes it:
    /// <c>server.Cluster.Apply(slice.Manifest())</c>.
    /// </summary>
    /// <param name="slice">The slice.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Manifest(this EndpointSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return Of(slice with { Metadata = slice.Metadata with { Uid = "", ResourceVersion = "" } });
    }

    /// <summary>Writes a merge patch that replaces the endpoints of an object.</summary>
    /// <param name="slice">The slice with the new endpoints.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string MergePatch(EndpointSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return Write(w => SliceJsonWriter.WriteEndpoints(w, slice));
    }

    /// <summary>Writes a complete list.</summary>
    /// <param name="version">The version of the list.</param>
    /// <param name="slices">The slices.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string List(string version, params EndpointSlice[] slices) => Page(version, "", slices);

    /// <summary>Writes a page of a list.</summary>
    /// <param name="version">The version of the list.</param>
    /// <param name="next">The token of the next page; empty for the last page.</param>
    /// <param name="slices">The slices.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Page(string version, string next, params EndpointSlice[] slices)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(slices);
        return Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("kind", "EndpointSliceList");
            w.WriteString("apiVersion", Version);
            w.WriteStartObject("metadata");
            w.WriteString("resourceVersion", version);
            if (next.Length > 0)
            {
                w.WriteString("continue", next);
            }

            w.WriteEndObject();
            w.WriteStartArray("items");
            foreach (var slice in slices)
            {
                SliceJsonWriter.Write(w, slice, withKind: false);
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    /// <summary>Writes an ADDED event.</summary>
    /// <param name="slice">The slice.</param>
    /// <returns>The JSON and a line feed.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Added(EndpointSlice slice) => Event("ADDED", slice);

    /// <summary>Writes a MODIFIED event.</summary>
    /// <param name="slice">The slice after the change.</param>
    /// <returns>The JSON and a line feed.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Modified(EndpointSlice slice) => Event("MODIFIED", slice);

    /// <summary>Writes a DELETED event.</summary>
    /// <param name="slice">The last state of the slice, at the version of the deletion.</param>
    /// <returns>The JSON and a line feed.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Deleted(EndpointSlice slice) => Event("DELETED", slice);

    /// <summary>Writes a BOOKMARK event.</summary>
    /// <param name="version">The version the watch has reached.</param>
    /// <param name="endsInitialEvents">Whether it ends the initial events of a streaming list.</param>
    /// <returns>The JSON and a line feed.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static string Bookmark(string version, bool endsInitialEvents = false)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Event("BOOKMARK", w => SliceJsonWriter.WriteBookmark(w, version, endsInitialEvents));
    }

    /// <summary>Writes an ERROR event.</summary>
    /// <param name="code">The HTTP code, such as 410.</param>
    /// <param name="reason">The reason, such as <c>Expired</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="retryAfter">The time to wait in seconds; null to leave it out.</param>
    /// <returns>The JSON and a line feed.</returns>
    public static string Error(int code, string reason, string message = "", int? retryAfter = null) =>
        Event("ERROR", w => SliceJsonWriter.WriteStatus(w, code, reason, message, retryAfter));

    /// <summary>Writes a Status: the body of an error response.</summary>
    /// <param name="code">The HTTP code, such as 403.</param>
    /// <param name="reason">The reason, such as <c>Forbidden</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="retryAfter">The time to wait in seconds; null to leave it out.</param>
    /// <returns>The JSON.</returns>
    public static string Status(int code, string reason, string message = "", int? retryAfter = null) =>
        Write(w => SliceJsonWriter.WriteStatus(w, code, reason, message, retryAfter));

    private static string Event(string type, EndpointSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return Event(type, w => SliceJsonWriter.Write(w, slice, withKind: true));
    }

    private static string Event(string type, Action<Utf8JsonWriter> writeObject) => Write(w =>
    {
        w.WriteStartObject();
        w.WriteString("type", type);
        w.WritePropertyName("object");
        writeObject(w);
        w.WriteEndObject();
    }) + "\n";

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, _readable))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }
}
