using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube;

/// <summary>The names under which topologies are registered, in their order.</summary>
internal sealed class TopologyNames
{
    private readonly List<string> _names = [];

    public IReadOnlyList<string> All => _names;

    /// <summary>Gets the names of a collection of services, with which they are registered.</summary>
    public static TopologyNames Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(TopologyNames))?.ImplementationInstance is TopologyNames names)
        {
            return names;
        }

        names = new TopologyNames();
        services.AddSingleton(names);
        return names;
    }

    /// <summary>Adds a name; false if it is there.</summary>
    public bool Add(string name)
    {
        if (_names.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        _names.Add(name);
        return true;
    }

    /// <summary>Gets the one name that needs no key.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public string Only() => _names is [var only]
        ? only
        : throw new InvalidOperationException(
            $"{_names.Count} topologies are registered: {string.Join(", ", _names.Select(HostText.Line))}. " +
            $"To fix: ask for one by its name, as with [FromKeyedServices(\"{HostText.Line(_names[0])}\")].");
}
