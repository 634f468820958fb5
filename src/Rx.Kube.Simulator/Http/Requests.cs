using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Serves one request: checks access, chooses the endpoint, and answers errors as Status objects.</summary>
internal sealed class Requests
{
    private const int MaxBuffer = 1024 * 1024;

    private readonly Storage.ResourceTypes _types;
    private readonly Access _access;
    private readonly Lister _lister;
    private readonly WatchStream _watches;
    private readonly ObjectEndpoint _objects;
    private readonly Reviews _reviews;
    private readonly SimulatorOptions _options;

    internal Requests(Store store, SimulatorOptions options)
    {
        (_types, _options) = (store.Types, options);
        _access = new(options.Tokens);
        _lister = new(store, options);
        _watches = new(store, _lister, options);
        _objects = new(store, _lister);
        _reviews = new(_access, options);
    }

    internal async Task Serve(HttpContext context)
    {
        try
        {
            context.Response.Headers.CacheControl = "no-cache, private";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await Route(context).ConfigureAwait(false);
        }
        catch (ApiStatusException e) when (!context.Response.HasStarted)
        {
            await Answer(context, e, _options).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            // The body is not framed as HTTP says, or too long, or too slow.
            var error = e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Bodies.TooLarge(_options)
                : new ApiStatusException(e.StatusCode, "BadRequest", $"the request cannot be read: {e.Message}");
            await Answer(context, error, _options).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client has disconnected, or its watch ended with the connection.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // Every request is answered, whatever it contains.
            await Answer(context, new ApiStatusException(500, "InternalError", $"Internal error occurred: {e.Message}"), _options)
                .ConfigureAwait(false);
        }
    }

    internal static Task Answer(HttpContext context, ApiStatusException error, SimulatorOptions options)
    {
        if (error.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = Json.Version(seconds);
        return AnswerStatus(context, error.Code, error.ToStatus(), options);
    }

    /// <summary>Answers an error in the form that the client accepts.</summary>
    internal static Task AnswerStatus(HttpContext context, int code, JsonObject status, SimulatorOptions options)
    {
        var form = AnswerForm.OfStatus(context.Request, options);
        return Answer(context, code, buffer => form.WriteStatus(buffer, status), form.MediaType);
    }

    internal static Task Answer(HttpContext context, int code, JsonNode body, string contentType = JsonForm.Type) => Answer(
        context,
        code,
        buffer =>
        {
            using (var writer = new Utf8JsonWriter(buffer, Json.Writing)) body.WriteTo(writer);
            buffer.Write("\n"u8);
        },
        contentType);

    private static async Task Answer(HttpContext context, int code, Action<IBufferWriter<byte>> write, string contentType)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = buffer.WrittenCount;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    // A list may be as long as all that is stored: it is sent while it is written.
    private static async Task AnswerList(HttpContext context, AnswerForm form, ResourceType type, ListPage page)
    {
        var buffer = new ArrayBufferWriter<byte>();
        context.Response.ContentType = form.MediaType;
        foreach (var _ in form.WriteList(buffer, type, page))
        {
            if (buffer.WrittenCount < MaxBuffer) continue;
            await SendAsync().ConfigureAwait(false);
        }
        if (!context.Response.HasStarted) context.Response.ContentLength = buffer.WrittenCount;
        await SendAsync().ConfigureAwait(false);

        async Task SendAsync()
        {
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
            buffer.ResetWrittenCount();
        }
    }

    private async Task Route(HttpContext context)
    {
        var request = context.Request;
        var path = ApiPath.Parse(request.Path.Value ?? "/", _types);
        if (Reviews.Serves(path))
        {
            await Answer(context, 201, await _reviews.Create(context, path).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }
        _access.Check(request, path);
        if (path.Group is null)
        {
            await Fixed(context).ConfigureAwait(false);
            return;
        }
        var type = path.Type ?? throw Errors.NoSuchPath();
        if (request.Path.Value!.EndsWith('/')) throw Errors.BadRequest("name must be provided");
        var form = AnswerForm.Of(request, type, _options);
        if (type.Plural == "endpoints")
            context.Response.Headers.Append(
                "Warning", "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"");
        var collectionIsOfNamespace = !type.Namespaced || path.Namespace is not null;
        switch (Access.Verb(request, path))
        {
            case "get" when HttpMethods.IsGet(request.Method):
                await Answer(
                    context, 200, form,
                    await _objects.Get(request, path, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "list" when HttpMethods.IsGet(request.Method):
                var page = await _lister.List(ListOptions.Parse(request.Query, path, type), context.RequestAborted).ConfigureAwait(false);
                await AnswerList(context, form, type, page).ConfigureAwait(false);
                break;
            case "watch" when HttpMethods.IsGet(request.Method):
                await _watches.Serve(context, ListOptions.Parse(request.Query, path, type), form).ConfigureAwait(false);
                break;
            case "create" when path.Name is null && collectionIsOfNamespace:
                await Answer(context, 201, form, await _objects.Create(context, path).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "update" when path.Name is not null:
                await Answer(context, 200, form, await _objects.Update(context, path).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "patch" when path.Name is not null:
                await Answer(context, 200, form, await _objects.Patch(context, path).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "delete":
                await Answer(context, 200, await _objects.Delete(context, path).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "deletecollection" when collectionIsOfNamespace:
                var deleted = await _objects.DeleteCollection(context, path).ConfigureAwait(false);
                await AnswerList(context, form, type, deleted).ConfigureAwait(false);
                break;
            default:
                throw Errors.MethodNotAllowed();
        }
    }

    private static Task Answer(HttpContext context, int code, AnswerForm form, StoredObject o) =>
        Answer(context, code, buffer => form.WriteObject(buffer, o), form.MediaType);

    private async Task Fixed(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("ok", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        const string as2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        var aggregated = path is "/api" or "/apis"
            && context.Request.Headers.Accept.ToString().Replace(" ", "", StringComparison.Ordinal).Contains(as2, StringComparison.Ordinal);
        if (Discovery.Document(path, aggregated, context.Connection.LocalPort, _types) is { } document)
        {
            await Answer(context, 200, document, aggregated ? as2 : JsonForm.Type).ConfigureAwait(false);
            return;
        }
        // For a group that does not exist the answer is the index; for a version that does not exist it is a Status.
        if (path.StartsWith("/api/", StringComparison.Ordinal) || Discovery.Document(path.TrimEnd('/'), false, 0, _types) is not null)
            throw Errors.NoSuchPath();
        await Answer(context, 404, Discovery.Paths(_types)).ConfigureAwait(false);
    }
}
