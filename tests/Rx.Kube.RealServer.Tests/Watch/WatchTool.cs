using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary><c>rxkube watch</c>.</summary>
public sealed class Tool : ToolProcess<ToolLine>
{
    private Tool(params string[] arguments)
        : base(ToolLine.Parse, arguments)
    {
    }

    public static Tool StartJson(string kubeconfig, string service) => new("watch", service, "--kubeconfig", kubeconfig, "-o", "json");

    /// <summary>Runs the tool until it gives up by itself.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.RunAsync("dotnet", [Assembly, .. arguments]);
}
