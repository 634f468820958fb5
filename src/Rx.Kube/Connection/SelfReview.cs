using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// A question that a user asks the server about itself. It is a POST, and stores nothing; a connection can send no other POST. Only the
/// tool asks it (<c>rxkube doctor</c>). Source: k8s.io/api authentication/v1 and authorization/v1 types.go.
/// </summary>
internal sealed class SelfReview
{
    private readonly ReadOnlyMemory<byte> _body;

    private SelfReview(string group, string plural, string kind, Action<Utf8JsonWriter>? spec)
    {
        Path = $"apis/{group}/v1/{plural}";
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion", $"{group}/v1");
        json.WriteString("kind", kind);
        if (spec is not null)
        {
            json.WriteStartObject("spec");
            json.WriteStartObject("resourceAttributes");
            spec(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        _body = buffer.WrittenMemory;
    }

    /// <summary>Gets the question who the server takes the connection for.</summary>
    public static SelfReview Identity { get; } = new("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", null);

    /// <summary>Gets the path, without a leading slash.</summary>
    public string Path { get; }

    /// <summary>Creates the question whether the connection has a permission.</summary>
    /// <param name="verb">The verb, such as <c>watch</c>.</param>
    /// <param name="group">The API group; empty for the core group.</param>
    /// <param name="resource">The plural of the resource.</param>
    /// <param name="namespace">The namespace; null for the whole cluster.</param>
    public static SelfReview Access(string verb, string group, string resource, string? @namespace) =>
        new("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", json =>
        {
            if (@namespace is not null)
            {
                json.WriteString("namespace", @namespace);
            }

            json.WriteString("verb", verb);
            json.WriteString("group", group);
            json.WriteString("resource", resource);
        });

    /// <summary>Creates the body of a request.</summary>
    public HttpContent ToContent() =>
        new ReadOnlyMemoryContent(_body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
