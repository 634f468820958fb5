namespace Rx.Kube.Models;

/// <summary>A port of an <see cref="EndpointSlice"/>, served by all its endpoints.</summary>
/// <param name="Name">The name; empty when the port has none (in Kubernetes a nil name means "").</param>
/// <param name="Port">The number; null means that the port is not restricted, and consumers skip it.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>; TCP when absent.</param>
/// <param name="AppProtocol">The application protocol, such as <c>http</c> or <c>kubernetes.io/h2c</c>; null when absent.</param>
public sealed record EndpointPort(string Name, int? Port, string Protocol = "TCP", string? AppProtocol = null);
