using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Output;

/// <summary>Endpoints and their changes in words, escaped.</summary>
internal static class EndpointWords
{
    /// <summary>Longer than any valid name; what is longer is hostile and is cut.</summary>
    private const int MaxName = 300;

    /// <summary>A name from the network, safe to print.</summary>
    /// <param name="name">The name; null when there is none.</param>
    /// <returns>The name; empty when there is none.</returns>
    public static string Name(string? name) => name is null ? "" : TerminalText.Escape(name, MaxName);

    /// <summary>The state in a word.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The word.</returns>
    public static string State(TopologyEndpoint endpoint) => endpoint switch
    {
        { Terminating: true, Ready: true } => "ready, terminating",
        { Terminating: true, Serving: true } => "terminating",
        { Terminating: true } => "stopped",
        { Ready: true } => "ready",
        _ => "not ready",
    };

    /// <summary>The addresses.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The addresses, separated by commas.</returns>
    public static string Addresses(TopologyEndpoint endpoint) => string.Join(",", endpoint.Addresses.Select(Name));

    /// <summary>The ports: <c>http:8080,dns:53/UDP</c>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="separator">What stands between two.</param>
    /// <returns>The ports.</returns>
    public static string Ports(TopologyEndpoint endpoint, string separator = ",") => string.Join(separator, endpoint.Ports.Select(Port));

    /// <summary>Everything about a member that has just appeared or gone.</summary>
    /// <param name="endpoints">Its endpoints.</param>
    /// <returns>The words.</returns>
    public static string All(EquatableArray<TopologyEndpoint> endpoints) => string.Join("; ", endpoints.Select(All));

    /// <summary>What matters most about a member that has just appeared or gone.</summary>
    /// <param name="endpoints">Its endpoints.</param>
    /// <returns>The words.</returns>
    public static string Brief(EquatableArray<TopologyEndpoint> endpoints) =>
        string.Join("; ", endpoints.Select(e => $"{State(e)} {Addresses(e)}{(e.Zone is null ? "" : " in " + Name(e.Zone))}"));

    /// <summary>What is different.</summary>
    /// <param name="change">A member's endpoints before and now.</param>
    /// <param name="arrow">Stands between the old and the new value.</param>
    /// <returns>The words; never empty.</returns>
    public static string Difference(MemberChange change, string arrow)
    {
        var facts = new List<string>();
        var before = change.Previous.Except(change.Current).ToList();
        foreach (var now in change.Current.Except(change.Previous))
        {
            var was = before.Find(e => e.AddressType == now.AddressType && e.Addresses.SequenceEqual(now.Addresses))
                ?? before.Find(e => e.AddressType == now.AddressType);
            if (was is null)
            {
                facts.Add("+ " + All(now));
            }
            else
            {
                before.Remove(was);
                facts.AddRange(Difference(was, now, arrow));
            }
        }

        facts.AddRange(before.Select(e => "- " + Addresses(e)));
        return facts.Count == 0 ? "changed" : string.Join(", ", facts);
    }

    /// <summary>Whether the endpoint of the same address family was there before, and what it was.</summary>
    /// <param name="previous">The member's endpoints before.</param>
    /// <param name="endpoint">The endpoint now.</param>
    /// <returns>The endpoint before; null when it is new.</returns>
    public static TopologyEndpoint? Before(EquatableArray<TopologyEndpoint> previous, TopologyEndpoint endpoint) =>
        previous.FirstOrDefault(e => e.AddressType == endpoint.AddressType && e.Addresses.SequenceEqual(endpoint.Addresses))
        ?? previous.FirstOrDefault(e => e.AddressType == endpoint.AddressType);

    private static string All(TopologyEndpoint endpoint)
    {
        var facts = new List<string> { State(endpoint), Addresses(endpoint) };
        AddIfAny(facts, "", Ports(endpoint));
        AddIfAny(facts, "zone=", Name(endpoint.Zone));
        AddIfAny(facts, "node=", Name(endpoint.Node));
        return string.Join(' ', facts);
    }

    private static void AddIfAny(List<string> facts, string label, string value)
    {
        if (value.Length > 0)
        {
            facts.Add(label + value);
        }
    }

    private static IEnumerable<string> Difference(TopologyEndpoint was, TopologyEndpoint now, string arrow)
    {
        var stateChanged = was.Ready != now.Ready || was.Serving != now.Serving || was.Terminating != now.Terminating;
        if (stateChanged)
        {
            yield return State(was) == State(now)
                ? $"{State(now)}, {(now.Serving ? "serving" : "not serving")}"
                : $"{State(was)} {arrow} {State(now)}";
        }

        if (!was.Addresses.SequenceEqual(now.Addresses))
        {
            yield return $"{Addresses(was)} {arrow} {Addresses(now)}";
        }

        if (!was.Ports.SequenceEqual(now.Ports))
        {
            yield return $"ports {Ports(was)} {arrow} {Ports(now)}";
        }

        if (was.Zone != now.Zone)
        {
            yield return $"zone {Name(was.Zone)} {arrow} {Name(now.Zone)}";
        }

        if (was.Node != now.Node)
        {
            yield return $"node {Name(was.Node)} {arrow} {Name(now.Node)}";
        }

        if (was.Pod != now.Pod)
        {
            yield return $"pod {Name(was.Pod)} {arrow} {Name(now.Pod)}";
        }
        else if (was.Uid != now.Uid)
        {
            yield return "new pod";
        }

        if (was.Hostname != now.Hostname)
        {
            yield return $"hostname {Name(was.Hostname)} {arrow} {Name(now.Hostname)}";
        }
    }

    private static string Port(EndpointPort port)
    {
        var number = port.Port?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var name = port.Name.Length == 0 ? "" : Name(port.Name) + ":";
        return port.Protocol == "TCP" ? name + number : $"{name}{number}/{Name(port.Protocol)}";
    }
}
