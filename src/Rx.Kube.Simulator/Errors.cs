using System.Globalization;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator;

/// <summary>The errors of a real API server, with the same text where clients read it.</summary>
internal static class Errors
{
    internal static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    internal static ApiStatusException Internal(string message) => new(500, null, message);

    internal static ApiStatusException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.Qualified} \"{name}\" not found", About(type, name));

    internal static ApiStatusException NoSuchPath() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    internal static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    internal static ApiStatusException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.Qualified} \"{name}\" already exists", About(type, name));

    internal static ApiStatusException Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.Qualified} \"{name}\": {why}", About(type, name));

    internal static ApiStatusException Modified(ResourceType type, string name) => Conflict(
        type, name, "the object has been modified; please apply your changes to the latest version and try again");

    internal static ApiStatusException DeletePrecondition(ResourceType type, string name, string why)
    {
        var details = About(type, name);
        details["kind"] = type.Kind;
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        return new(409, "Conflict", $"Operation cannot be fulfilled on {kind} \"{name}\": {why}", details);
    }

    internal static ApiStatusException Expired(string message) => new(410, "Expired", message);

    internal static ApiStatusException WatchTooOld(long asked, long oldest) =>
        Expired(string.Create(CultureInfo.InvariantCulture, $"too old resource version: {asked} ({oldest})"));

    internal static ApiStatusException TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    internal static ApiStatusException ObjectTooLarge(int limit) => TooLarge($"etcdserver: request is too large: limit is {limit}");

    internal static ApiStatusException Full(string what) =>
        new(507, "InsufficientStorage", $"etcdserver: mvcc: database space exceeded: {what}");

    internal static ApiStatusException UnsupportedMedia(string message, JsonObject? details = null) =>
        new(415, "UnsupportedMediaType", message, details);

    internal static ApiStatusException Invalid(string group, string kind, string name, params InvalidField[] fields)
    {
        var texts = fields.Select(f => $"{f.Field}: {f.Message}").ToArray();
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var message = $"{qualified} \"{name}\" is invalid: " + (texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]");
        var details = new JsonObject();
        if (name.Length > 0) details["name"] = name;
        if (group.Length > 0) details["group"] = group;
        if (kind.Length > 0) details["kind"] = kind;
        details["causes"] = new JsonArray([.. fields.Select(f => (JsonNode)new JsonObject
        {
            ["reason"] = f.Reason,
            ["message"] = f.Message,
            ["field"] = f.Field,
        })]);
        return new(422, "Invalid", message, details);
    }

    internal static ApiStatusException VersionTooLarge(string asked, long current) => new(
        504,
        "Timeout",
        string.Create(CultureInfo.InvariantCulture, $"Timeout: Too large resource version: {asked}, current: {current}"),
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });

    internal static JsonObject About(ResourceType type, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0) details["name"] = name;
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}

/// <summary>A field that makes a request invalid.</summary>
internal sealed record InvalidField(string Field, string Reason, string Message)
{
    internal static InvalidField Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    internal static InvalidField Required(string field, string why) => new(field, "FieldValueRequired", $"Required value: {why}");

    internal static InvalidField Invalid(string field, string value, string why) =>
        new(field, "FieldValueInvalid", $"Invalid value: \"{value}\": {why}");

    internal static InvalidField Unsupported(string field, string shown, params string[] supported) => new(
        field,
        "FieldValueNotSupported",
        $"Unsupported value: {shown}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");
}
