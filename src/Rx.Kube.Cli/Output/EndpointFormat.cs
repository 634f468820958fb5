using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Output;

/// <summary>Formats endpoints and their changes. All texts are escaped.</summary>
internal static class EndpointFormat
{
    /// <summary>The maximum length of a shown name. Valid names are shorter.</summary>
    private const int MaxName = 300;

    /// <summary>The maximum number of ports that are shown for an endpoint. The ports of a slice are repeated for each endpoint.</summary>
    private const int MaxPorts = 20;

    private const int MaxFacts = 20;

    /// <summary>Formats a name from the network, safe to print, as one field.</summary>
    /// <param name="name">The name, or null.</param>
    /// <returns>The name; empty for null.</returns>
    public static string Name(string? name) => name is null ? "" : TerminalText.Field(name, MaxName);

    /// <summary>Formats the state.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The state in one or two words.</returns>
    public static string State(TopologyEndpoint endpoint) => endpoint switch
    {
        { IsHeld: true } => "held",
        { Terminating: true, Ready: true } => "ready, terminating",
        { Terminating: true, Serving: true } => "terminating",
        { Terminating: true } => "stopped",
        { Ready: true } => "ready",
        _ => "not ready",
    };

    /// <summary>Formats the addresses.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The addresses, separated by commas.</returns>
    public static string Addresses(TopologyEndpoint endpoint) => string.Join(",", endpoint.Addresses.Select(Name));

    /// <summary>Formats the ports: <c>http:8080,dns:53/UDP</c>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="separator">The separator.</param>
    /// <returns>The first 20 ports, and how many more there are.</returns>
    public static string Ports(TopologyEndpoint endpoint, string separator = ",")
    {
        var ports = string.Join(separator, endpoint.Ports.Take(MaxPorts).Select(Port));
        var more = endpoint.Ports.Length - MaxPorts;
        return more > 0 ? string.Create(CultureInfo.InvariantCulture, $"{ports} and {more} more") : ports;
    }

    /// <summary>Checks whether two endpoints have the same ports. The cost does not depend on their number: see the equality of endpoints.
    /// </summary>
    /// <param name="one">An endpoint.</param>
    /// <param name="other">Another one.</param>
    /// <returns>True if they have.</returns>
    public static bool HaveSamePorts(TopologyEndpoint one, TopologyEndpoint other) =>
        one.Ports.AsSpan() == other.Ports.AsSpan() || one == (one with { Ports = other.Ports });

    /// <summary>Formats all facts of a member that joined or left.</summary>
    /// <param name="endpoints">The endpoints of the member.</param>
    /// <returns>The text.</returns>
    public static string All(EquatableArray<TopologyEndpoint> endpoints) => string.Join("; ", endpoints.Select(All));

    /// <summary>Formats the main facts of a member that joined or left.</summary>
    /// <param name="endpoints">The endpoints of the member.</param>
    /// <returns>The text.</returns>
    public static string Brief(EquatableArray<TopologyEndpoint> endpoints) =>
        string.Join("; ", endpoints.Select(e => $"{State(e)} {Addresses(e)}{(e.Zone is null ? "" : " in " + Name(e.Zone))}"));

    /// <summary>Formats the difference between the endpoints of a member.</summary>
    /// <param name="change">The endpoints of the member before and after.</param>
    /// <param name="arrow">The separator of the old and the new value.</param>
    /// <returns>The text; never empty. At most 20 endpoints that are new or changed, and 20 that are gone.</returns>
    public static string Difference(MemberChange change, string arrow)
    {
        var facts = new List<string>();
        var before = change.Previous.Except(change.Current).ToList();
        foreach (var now in change.Current.Except(change.Previous).Take(MaxFacts))
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

        facts.AddRange(before.Take(MaxFacts).Select(e => "- " + Addresses(e)));
        return facts.Count == 0 ? "changed" : string.Join(", ", facts);
    }

    /// <summary>
    /// Finds the earlier endpoint that corresponds to an endpoint: with equal addresses, else of the same address family.
    /// </summary>
    /// <param name="previous">The earlier endpoints of the member.</param>
    /// <param name="endpoint">The present endpoint.</param>
    /// <returns>The earlier endpoint; null for a new one.</returns>
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
        var stateChanged = was.Ready != now.Ready || was.Serving != now.Serving || was.Terminating != now.Terminating
            || was.IsHeld != now.IsHeld;
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

        if (!HaveSamePorts(was, now))
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

    /// <summary>Formats a port: <c>http:8080</c>.</summary>
    /// <param name="port">The port.</param>
    /// <returns>The text.</returns>
    public static string Port(EndpointPort port)
    {
        var number = port.Port?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var name = port.Name.Length == 0 ? "" : Separated(port.Name) + ":";
        return port.Protocol == "TCP" ? name + number : $"{name}{number}/{Separated(port.Protocol)}";
    }

    // In a port, these separate as well.
    private static string Separated(string text) =>
        Name(text) is ['"', ..] or { Length: 0 } || !text.AsSpan().ContainsAny(':', '/') ? Name(text) : $"\"{Name(text)}\"";
}
