using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    /// <param name="maxEndpoints">
    /// How many endpoints, and members of the ring, of a topology are shown; their numbers are always. From 1 to 1,000,000. The default is
    /// 1,000. The whole answer is held in memory.
    /// </param>
    /// <returns>
    /// The two endpoints, for conventions such as <c>RequireAuthorization()</c> or <c>RequireHost("*:9090")</c>. They show names and
    /// addresses of pods, and the causes of interruptions: keep them from the public.
    /// </returns>
    /// <remarks>
    /// docs/hosting.md describes the JSON. The answer is not cached. A topology is found by the name that <c>AddKubeTopology</c>
    /// registered. HEAD is answered as GET, without the body.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxEndpoints"/> is out of range.</exception>
    /// <exception cref="InvalidOperationException">The application has no topology.</exception>
    public static IEndpointConventionBuilder MapKubeTopology(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/rxkube", int maxEndpoints = 1_000)
    {
        if (maxEndpoints is < 1 or > 1_000_000)
        {
            throw new ArgumentOutOfRangeException(nameof(maxEndpoints), maxEndpoints, "From 1 to 1000000.");
        }

        _ = TopologiesOf(endpoints, pattern);
        var group = endpoints.MapGroup(pattern);
        group.MapMethods("/", _methods, context => ShowAll(context, maxEndpoints)).WithDisplayName("Rx.Kube topologies");
        group.MapMethods("/{name}", _methods, context => ShowOne(context, maxEndpoints)).WithDisplayName("Rx.Kube topology");
        return group;
    }

    /// <summary>
    /// Shows a live page of the ring of each topology: who owns a key, and what just moved. One page without any other file, fed by
    /// server-sent events. Read-only, and nothing is asked of the API server.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">
    /// The path. The default is <c>/ring</c>, which leads to the page of the first topology, by name; <c>/ring/NAME</c> is the page of one,
    /// or answers 404.
    /// </param>
    /// <param name="options">The limits of a page; null for <see cref="RingPageOptions.Default"/>.</param>
    /// <returns>
    /// The endpoints, for conventions such as <c>RequireAuthorization()</c> or <c>RequireHost("*:9090")</c>. They show names and
    /// addresses of pods, and the causes of interruptions: keep them from the public.
    /// </returns>
    /// <remarks>
    /// docs/ring-page.md describes the page. From the start of the application on, the changes of the last hour are kept, as many as
    /// <paramref name="options"/> allow. The streams of a page end when the application stops. The Host header is left to the application
    /// (<c>AllowedHosts</c>, <c>RequireHost</c>); requests for data from pages of other origins are refused.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The application has no topology.</exception>
    public static IEndpointConventionBuilder MapKubeRing(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/ring", RingPageOptions? options = null)
    {
        var topologies = TopologiesOf(endpoints, pattern);
        var pages = new RingPages(
            topologies, endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>(),
            options ?? RingPageOptions.Default);
        var group = endpoints.MapGroup(pattern);
        group.MapMethods("/", _methods, context => pages.AnswerAsync(context, null, null)).WithDisplayName("Rx.Kube rings");
        group.MapMethods("/{name}", _methods, context => pages.AnswerAsync(context, $"{context.GetRouteValue("name")}", null))
            .WithDisplayName("Rx.Kube ring");
        foreach (var resource in RingPageEndpoints.Resources)
        {
            group.MapMethods(
                "/{name}/" + resource, [HttpMethods.Get],
                context => pages.AnswerAsync(context, $"{context.GetRouteValue("name")}", resource))
                .WithDisplayName($"Rx.Kube ring {resource}");
        }

        return group;
    }

    private static IEnumerable<IKubeTopology> TopologiesOf(IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var topologies = endpoints.ServiceProvider.GetKeyedServices<IKubeTopology>(KeyedService.AnyKey);
        return topologies.Any() ? topologies : throw new InvalidOperationException(
            "The application has no topology. To fix: call builder.AddKubeTopology(\"NAME\") before builder.Build().");
    }

    private static Task ShowAll(HttpContext context, int maxEndpoints)
    {
        var topologies = context.RequestServices.GetKeyedServices<IKubeTopology>(KeyedService.AnyKey)
            .OrderBy(topology => topology.Name, StringComparer.Ordinal);
        return TopologyJson.WriteAsync(context.Response, json =>
        {
            json.WriteStartArray("topologies");
            foreach (var topology in topologies)
            {
                json.WriteStartObject();
                TopologyJson.Write(json, topology, maxEndpoints);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static Task ShowOne(HttpContext context, int maxEndpoints)
    {
        if (context.RequestServices.GetKeyedService<IKubeTopology>($"{context.GetRouteValue("name")}") is { } topology)
        {
            return TopologyJson.WriteAsync(context.Response, json => TopologyJson.Write(json, topology, maxEndpoints));
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
