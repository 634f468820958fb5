using System.Reactive.Concurrency;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Rx.Kube;

/// <summary>The pages of a host: one for each topology. They begin when the application has started, and close before it stops.</summary>
internal sealed class RingPages
{
    private readonly IReadOnlyList<IKubeTopology> _topologies;
    private readonly RingPageOptions _options;
    private readonly Lazy<Dictionary<string, RingPage>> _pages;

    /// <summary>Makes the pages of topologies.</summary>
    /// <param name="topologies">The topologies.</param>
    /// <param name="lifetime">The application.</param>
    /// <param name="options">The limits of a page.</param>
    public RingPages(IEnumerable<IKubeTopology> topologies, IHostApplicationLifetime lifetime, RingPageOptions options)
    {
        _options = options;
        _topologies = [.. topologies.OrderBy(topology => topology.Name, StringComparer.Ordinal)];
        _pages = new(Open);
        lifetime.ApplicationStarted.Register(() => _ = _pages.Value);
        lifetime.ApplicationStopping.Register(Close);
    }

    /// <summary>Answers a request below the pattern.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name of a topology.</param>
    /// <param name="resource">What is asked for.</param>
    public Task AnswerAsync(HttpContext context, string? name, string? resource)
    {
        if (name is null)
        {
            // Relative, so that a path in front of the application stays: /ring leads to ring/cache/, and /ring/ to cache/.
            var path = context.Request.Path.Value ?? "";
            var last = path[(path.LastIndexOf('/') + 1)..];
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.Location =
                (last.Length == 0 ? "" : Uri.EscapeDataString(last) + "/") + Uri.EscapeDataString(_topologies[0].Name);
            return Task.CompletedTask;
        }

        return _pages.Value.TryGetValue(name, out var page)
            ? RingPageEndpoints.AnswerAsync(context, page, resource)
            : RingPageEndpoints.RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such topology.");
    }

    private Dictionary<string, RingPage> Open()
    {
        var clock = DefaultScheduler.Instance;
        IReadOnlyList<string> names = _topologies.Count > 1 ? [.. _topologies.Select(topology => topology.Name)] : [];
        return _topologies.ToDictionary(
            topology => topology.Name,
            topology => new RingPage(
                new($"{topology.Service}", "", RingMoment.Of(topology, clock), clock) { Pages = names }, clock, _options),
            StringComparer.Ordinal);
    }

    private void Close()
    {
        foreach (var page in _pages.Value.Values)
        {
            page.Dispose();
        }
    }
}
