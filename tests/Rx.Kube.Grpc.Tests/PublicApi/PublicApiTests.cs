namespace Rx.Kube.Grpc.Tests.PublicApi;

/// <summary>The public API is the committed baseline.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_committed_one() =>
        PublicApiBaseline.AssertCommitted("Rx.Kube.Grpc", "Rx.Kube.Grpc.Tests");
}
