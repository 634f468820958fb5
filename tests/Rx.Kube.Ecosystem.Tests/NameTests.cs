using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Rx.Kube.Ecosystem.Tests;

/// <summary>No public name of Rx.Kube is ambiguous beside the packages that its users import.</summary>
public sealed class NameTests
{
    // The implicit usings of the Web SDK, then Rx.Kube and what stands beside it.
    private static readonly string[] _usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading",
        "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.AspNetCore.Authorization",
        "System.Reactive", "System.Reactive.Concurrency", "System.Reactive.Disposables", "System.Reactive.Linq",
        "System.Collections.Immutable",
        "k8s", "k8s.Autorest", "k8s.Exceptions", "k8s.KubeConfigModels", "k8s.Models",
        "Microsoft.Extensions.ServiceDiscovery", "Microsoft.Extensions.Http", "Microsoft.Extensions.Http.Resilience", "Polly",
        "Grpc.Core", "Grpc.Core.Interceptors", "Grpc.Net.Client", "Grpc.Net.Client.Balancer", "Grpc.Net.Client.Configuration",
        "Grpc.Net.ClientFactory",
        "Yarp.ReverseProxy.Configuration", "Yarp.ReverseProxy.Forwarder", "Yarp.ReverseProxy.Health", "Yarp.ReverseProxy.LoadBalancing",
        "Yarp.ReverseProxy.Model", "Yarp.ReverseProxy.SessionAffinity", "Yarp.ReverseProxy.Transforms",
    ];

    private static readonly Type[] _packages =
    [
        typeof(KubeConnection), typeof(EquatableArray), typeof(KubernetesKind), typeof(IKubeTopology), typeof(KubeEndpointExtensions),
        typeof(KubeServiceDiscoveryExtensions),
        typeof(KubeReverseProxyExtensions),
        typeof(KubeGrpcExtensions),
    ];

    [Fact]
    public void Every_public_type_of_the_face_is_named_without_its_namespace()
    {
        var names = FaceTypes();
        Assert.Contains("KubeConnection", names);
        Assert.Contains("HashRing<>", names);
        Assert.Contains("KubernetesKind", names);
        Assert.Contains("IKubeTopology", names);
        Assert.Contains("KubeEndpointExtensions", names);
        Assert.Contains("KubeRouting", names);
        Assert.Contains("KubeReverseProxyExtensions", names);
        Assert.Contains("KubeLoadBalancing", names);
        Assert.Equal([], Errors(["Rx.Kube"], names));
    }

    [Fact]
    public void A_clash_would_be_found() =>
        Assert.Contains("CS0104", Assert.Single(Errors(["Rx.Kube.Models"], ["Endpoint"])), StringComparison.Ordinal);

    private static List<string> FaceTypes() => [.. _packages
        .SelectMany(type => type.Assembly.GetExportedTypes())
        .Where(type => type.Namespace == "Rx.Kube" && !type.IsNested)
        .Select(type => type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{new string(',', type.GetGenericArguments().Length - 1)}>"
            : type.Name)
        .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Errors(string[] ours, IEnumerable<string> names)
    {
        var file = string.Join('\n', _usings.Concat(ours).Select(name => $"using {name};")) +
            "\nnamespace ApplicationOfAUser;\n" +
            "internal static class Names { public static readonly Type[] All = [" +
            $"{string.Join(", ", names.Select(name => $"typeof({name})"))}]; }}";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation
            .Create(
                "Names", [CSharpSyntaxTree.ParseText(file)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
    }
}
