using System.Globalization;
using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Objects;

/// <summary>Formats Services. All texts are escaped.</summary>
internal static class ServiceText
{
    private const int MostPorts = 20;

    /// <summary>Formats the type, the address, the selector and the ports.</summary>
    /// <param name="service">The Service.</param>
    /// <returns>The text.</returns>
    public static string Describe(ServiceObject service)
    {
        var facts = new List<string>
        {
            service.IsHeadless ? "headless"
                : EndpointFormat.Name(service.Spec?.Type ?? "ClusterIP") +
                (service.Spec?.ClusterIP is { Length: > 0 } ip ? " " + EndpointFormat.Name(ip) : ""),
            service.Selector is { } selector ? $"selector {EndpointFormat.Name(selector)}" : "no selector",
        };
        if (service.Spec?.Ports is { Length: > 0 } ports)
        {
            facts.Add("ports " + string.Join(", ", ports.OfType<ServiceObjectPort>().Take(MostPorts).Select(Port)));
        }

        return string.Join(", ", facts);
    }

    /// <summary>Formats a port: <c>http:80 (targetPort web)</c>.</summary>
    /// <param name="port">The port.</param>
    /// <returns>The text.</returns>
    public static string Port(ServiceObjectPort port)
    {
        var name = string.IsNullOrEmpty(port.Name) ? "" : EndpointFormat.Name(port.Name) + ":";
        var protocol = port.Protocol is null or "TCP" ? "" : "/" + EndpointFormat.Name(port.Protocol);
        var target = port.TargetPort.ValueKind switch
        {
            JsonValueKind.String => EndpointFormat.Name(port.TargetPort.GetString()),
            JsonValueKind.Number => port.TargetPort.GetRawText(),
            _ => "",
        };
        var number = port.Port.ToString(CultureInfo.InvariantCulture);
        return $"{name}{number}{protocol}{(target.Length == 0 || target == number ? "" : $" (targetPort {target})")}";
    }
}
