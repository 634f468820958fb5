using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube;

/// <summary>Shows the topologies of the application at an endpoint.</summary>
public static class KubeEndpointExtensions
{
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Shows what this process believes about its topologies, as JSON: version, freshness, the fingerprint of the ring, members and
    /// endpoints. Read-only, and nothing is asked of the API server. For people, and to compare processes.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">
    /// The path. The default is <c>/rxkube</c>, with all topologies; below it, <c>/rxkube/NAME</c> has one, or answers 404.
    /// </param>
    /// <returns>
    /// The two endpoints, for conventions such as <c>RequireAuthorization()</c> or <c>RequireHost("*:9090")</c>. They show names and
    /// addresses of pods, and the causes of interruptions: keep them from the public.
    /// </returns>
    /// <remarks>
    /// docs/hosting.md describes the JSON. At most 1,000 endpoints of a topology are shown, and the answer is not cached. A topology is
    /// found by the name that <c>AddKubeTopology</c> registered. HEAD is answered as GET, without the body.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The application has no topology.</exception>
    public static IEndpointConventionBuilder MapKubeTopology(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/rxkube")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (!endpoints.ServiceProvider.GetKeyedServices<IKubeTopology>(KeyedService.AnyKey).Any())
        {
            throw new InvalidOperationException(
                "The application has no topology. To fix: call builder.AddKubeTopology(\"NAME\") before builder.Build().");
        }

        var group = endpoints.MapGroup(pattern);
        group.MapMethods("/", _methods, ShowAll).WithDisplayName("Rx.Kube topologies");
        group.MapMethods("/{name}", _methods, ShowOne).WithDisplayName("Rx.Kube topology");
        return group;
    }

    private static Task ShowAll(HttpContext context)
    {
        var topologies = context.RequestServices.GetKeyedServices<IKubeTopology>(KeyedService.AnyKey)
            .OrderBy(topology => topology.Name, StringComparer.Ordinal);
        return TopologyJson.WriteAsync(context.Response, json =>
        {
            json.WriteStartArray("topologies");
            foreach (var topology in topologies)
            {
                json.WriteStartObject();
                TopologyJson.Write(json, topology);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static Task ShowOne(HttpContext context)
    {
        if (context.RequestServices.GetKeyedService<IKubeTopology>($"{context.GetRouteValue("name")}") is { } topology)
        {
            return TopologyJson.WriteAsync(context.Response, json => TopologyJson.Write(json, topology));
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
