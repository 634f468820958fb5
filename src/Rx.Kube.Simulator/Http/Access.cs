using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Http;

/// <summary>Checks access by bearer token: a simple substitute for RBAC.</summary>
internal sealed class Access(IReadOnlyDictionary<string, SimulatedUser>? tokens)
{
    private static readonly SimulatedUser Anonymous = new("system:anonymous", SimulatedAccess.None);

    internal void Check(HttpRequest request, ApiPath path)
    {
        if (tokens is null) return;
        var user = UserOf(request);
        if (path.Group is null)
        {
            if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || user.Access == SimulatedAccess.All) return;
            var method = request.Method.ToLowerInvariant();
            throw new ApiStatusException(
                403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {method} path \"{request.Path}\": {Reason}", []);
        }
        var name = path.Name ?? "";
        var verb = Verb(request, path);
        if (verb is "list" or "watch" && name.Length == 0) name = NameInSelector(request);
        if (!Allows(user, verb)) throw Forbidden(user, verb, path, name);
    }

    internal const string Reason = "no rule of this server allows it";

    /// <summary>Returns who sent a request about itself, which every user with a valid token may send (system:basic-user).</summary>
    /// <exception cref="ApiStatusException">The token is unknown: 401; there is none: 403.</exception>
    internal SimulatedUser Self(HttpRequest request, ApiPath path)
    {
        if (tokens is null) return new(Anonymous.Name, SimulatedAccess.All);
        var user = UserOf(request);
        return user != Anonymous ? user : throw Forbidden(user, Verb(request, path), path, path.Name ?? "");
    }

    internal static bool IsAnonymous(SimulatedUser user) => user.Name == Anonymous.Name;

    internal static bool Allows(SimulatedUser user, string verb) => user.Access switch
    {
        SimulatedAccess.All => true,
        SimulatedAccess.Read => verb is "get" or "list" or "watch",
        SimulatedAccess.List => verb is "get" or "list",
        _ => false,
    };

    internal static string Verb(HttpRequest request, ApiPath path) => request.Method switch
    {
        "GET" or "HEAD" when path.IsWatchPath => "watch",
        "GET" or "HEAD" when path.Name is not null => "get",
        "GET" or "HEAD" => ListOptions.Bool(request.Query, "watch") == true ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.Name is null ? "deletecollection" : "delete",
        _ => "",
    };

    private SimulatedUser UserOf(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return Anonymous;
        var token = header["Bearer ".Length..].Trim();
        if (token.Length == 0) return Anonymous;
        return tokens!.TryGetValue(token, out var user) ? user : throw new ApiStatusException(401, "Unauthorized", "Unauthorized");
    }

    private static string NameInSelector(HttpRequest request)
    {
        try
        {
            return FieldSelector.Parse(request.Query["fieldSelector"]).Name ?? "";
        }
        catch (ApiStatusException)
        {
            return "";
        }
    }

    private static ApiStatusException Forbidden(SimulatedUser user, string verb, ApiPath path, string name)
    {
        var resource = path.Rest is null ? path.Resource : $"{path.Resource}/{path.Rest}";
        var qualified = path.Group!.Length == 0 ? path.Resource : $"{path.Resource}.{path.Group}";
        var about = name.Length == 0 ? qualified : $"{qualified} \"{name}\"";
        // For the authorizer, a namespace object is in itself.
        var ns = path.Namespace ?? (path.Resource == "namespaces" && path.Name is not null ? path.Name : null);
        var scope = ns is null ? "at the cluster scope" : $"in the namespace \"{ns}\"";
        var details = new System.Text.Json.Nodes.JsonObject();
        if (name.Length > 0) details["name"] = name;
        if (path.Group.Length > 0) details["group"] = path.Group;
        details["kind"] = path.Resource;
        return new(
            403,
            "Forbidden",
            $"{about} is forbidden: User \"{user.Name}\" cannot {verb} resource \"{resource}\" " +
            $"in API group \"{path.Group}\" {scope}: {Reason}",
            details);
    }
}
