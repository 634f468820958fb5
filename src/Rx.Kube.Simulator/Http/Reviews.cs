using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator.Http;

/// <summary>
/// Answers what a user asks about itself: who it is (SelfSubjectReview), and whether it has a permission (SelfSubjectAccessReview). Nothing
/// is stored. Source: k8s.io/api authentication/v1 and authorization/v1 types.go.
/// </summary>
internal sealed class Reviews(Access access, SimulatorOptions options)
{
    private const string Subject = "selfsubjectreviews";
    private const string SubjectAccess = "selfsubjectaccessreviews";

    internal static bool Serves(ApiPath path) => path is
    { Group: "authentication.k8s.io", Resource: Subject, Namespace: null, Name: null, IsWatchPath: false } or
    { Group: "authorization.k8s.io", Resource: SubjectAccess, Namespace: null, Name: null, IsWatchPath: false };

    internal async Task<JsonObject> Create(HttpContext context, ApiPath path)
    {
        var request = context.Request;
        var user = access.Self(request, path);
        if (!HttpMethods.IsPost(request.Method)) throw Errors.MethodNotAllowed();
        Bodies.RequireJson(request);
        var body = await Bodies.Read(request, options, context.RequestAborted).ConfigureAwait(false);
        return path.Resource == Subject ? WhoAmI(user) : CanI(user, body);
    }

    private static JsonObject WhoAmI(SimulatedUser user) => new()
    {
        ["kind"] = "SelfSubjectReview",
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["metadata"] = new JsonObject(),
        ["status"] = new JsonObject
        {
            ["userInfo"] = new JsonObject
            {
                ["username"] = user.Name,
                ["groups"] = new JsonArray(Access.IsAnonymous(user) ? "system:unauthenticated" : "system:authenticated"),
            },
        },
    };

    private JsonObject CanI(SimulatedUser user, byte[] body)
    {
        var (spec, verb) = Asked(body);
        var isAllowed = Access.Allows(user, verb);
        var status = new JsonObject { ["allowed"] = isAllowed };
        if (!isAllowed) status["reason"] = Access.Reason;
        return new()
        {
            ["kind"] = "SelfSubjectAccessReview",
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["metadata"] = new JsonObject(),
            ["spec"] = spec.DeepClone(),
            ["status"] = status,
        };
    }

    private (JsonObject Spec, string Verb) Asked(byte[] body)
    {
        try
        {
            if (Json.Parse(body, options) is JsonObject review && review["spec"] is JsonObject spec &&
                spec["resourceAttributes"] is JsonObject asked && asked["verb"] is JsonValue verb && verb.TryGetValue<string>(out var text))
                return (spec, text);
        }
        catch (JsonException)
        {
            // Answered below.
        }
        throw Errors.BadRequest("spec.resourceAttributes.verb is missing, or the body is not a SelfSubjectAccessReview");
    }
}
