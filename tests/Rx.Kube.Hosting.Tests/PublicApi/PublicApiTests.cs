using System.Reflection;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.Hosting.Tests.PublicApi;

/// <summary>The public API is the committed baseline.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Rx.Kube.AspNetCore")]
    [InlineData("Rx.Kube.Hosting")]
    public void The_public_api_is_the_committed_one(string package) => PublicApiBaseline.AssertCommitted(package, "Rx.Kube.Hosting.Tests");

    [Fact]
    public void A_worker_needs_no_web_framework() => Assert.DoesNotContain(
        Assembly.Load("Rx.Kube.Hosting").GetReferencedAssemblies(),
        assembly => assembly.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
}
