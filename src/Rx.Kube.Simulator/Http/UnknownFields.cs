using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>
/// Unknown fields at the top level of an object: they are dropped, and the client is warned or refused, as <c>fieldValidation</c> asks.
/// Unknown fields below are kept, because the simulator does not know every type.
/// </summary>
internal static class UnknownFields
{
    internal static void Report(HttpContext context, JsonObject o, ResourceType type)
    {
        if (type.IsCustom) return;
        var unknown = o.Select(p => p.Key)
            .Where(f => f is not ("kind" or "apiVersion" or "metadata") && !type.Fields.Contains(f)).ToArray();
        if (unknown.Length == 0) return;
        var texts = unknown.Select(f => $"unknown field \"{f}\"").ToArray();
        switch (context.Request.Query["fieldValidation"].ToString())
        {
            case "Ignore":
                break;
            case "Strict":
                throw Errors.BadRequest(
                    $"{type.Kind} in version \"v1\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", texts)}");
            default:
                foreach (var text in texts)
                {
                    // A name may contain any character; a header may not.
                    var quoted = string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : c is >= ' ' and < '\x7f' ? $"{c}" : "?"));
                    context.Response.Headers.Append("Warning", $"299 - \"{quoted}\"");
                }
                break;
        }
    }
}
