using System.Reactive.Linq;
using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Watching;

/// <summary>The choice of a format: of the connection, of a selection, and of the server.</summary>
public class WireFormatTests
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string Json = "application/json";
    private const string Lean = $"{Json}; drop=metadata.managedFields"; // of kinds whose model has no managedFields

    [Theory]
    [InlineData(WireFormat.Default, WireFormat.Default, Lean)]
    [InlineData(WireFormat.Json, WireFormat.Default, Lean)]
    [InlineData(WireFormat.Protobuf, WireFormat.Default, $"{Protobuf},{Lean}")]
    [InlineData(WireFormat.Default, WireFormat.Protobuf, $"{Protobuf},{Lean}")]
    [InlineData(WireFormat.Protobuf, WireFormat.Json, Lean)]
    [InlineData(WireFormat.Json, WireFormat.Protobuf, $"{Protobuf},{Lean}")]
    public async Task A_selection_goes_before_the_connection(WireFormat connection, WireFormat selection, string accept)
    {
        var server = new CannedServer();
        for (var i = 0; i < 5; i++)
        {
            server.Answers("");
        }

        var kube = Connection(server, connection);
        await Ask(kube, ResourceKinds.EndpointSlices, selection);
        await Ask(kube, ResourceKinds.Endpoints, selection);
        await Ask(kube, ResourceKinds.Pods, selection);
        await Ask(kube, ResourceKinds.Nodes, selection);
        await Assert.ThrowsAnyAsync<KubeException>(
            async () => await kube.Resources(ResourceKinds.Nodes, new() { Format = selection }).List());

        Assert.Equal(Enumerable.Repeat(accept, 5), server.Accepts);
    }

    [Fact]
    public async Task A_kind_of_the_user_is_never_asked_for_in_protobuf()
    {
        var server = new CannedServer().Answers("");
        var custom = new ResourceKind<string>("example.com", "v1", "caches", static _ => "");

        await Ask(Connection(server, WireFormat.Protobuf), custom, WireFormat.Protobuf);

        Assert.Equal([Json], server.Accepts);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_server_that_answers_in_json_is_understood(string? contentType)
    {
        var server = new CannedServer().Answers(
            """{"metadata":{"resourceVersion":"17"},"items":[{"metadata":{"name":"a"}}]}"""u8.ToArray(), contentType: contentType);

        var list = await Connection(server, WireFormat.Protobuf).Pods().List();

        Assert.Equal("a", Assert.Single(list.Items).Metadata.Name);
    }

    [Fact]
    public async Task The_pages_of_a_list_may_be_in_different_formats()
    {
        var server = new CannedServer()
            .Answers(List([Named("a")], next: "t1"), contentType: Protobuf)
            .Answers("""{"metadata":{"resourceVersion":"17"},"items":[{"metadata":{"name":"b"}}]}"""u8.ToArray(), contentType: Json);

        var list = await Connection(server, WireFormat.Protobuf).Pods().List();

        Assert.Equal(["a", "b"], list.Items.Select(p => p.Metadata.Name));
    }

    [Fact]
    public async Task Protobuf_that_was_not_asked_for_is_an_error_that_says_what_is_wrong()
    {
        var server = new CannedServer().Answers(List([Named("a")]), contentType: Protobuf);

        await Assert.ThrowsAsync<KubeProtocolException>(async () => await Connection(server, WireFormat.Json).Pods().List());
    }

    private static KubeConnection Connection(CannedServer server, WireFormat format) => KubeConnection.From(
        new HttpClient(server, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"),
        options: new() { Format = format });

    private static async Task Ask<T>(KubeConnection kube, ResourceKind<T> kind, WireFormat selection) =>
        await kube.Resources(kind, new() { Format = selection }).Watch("17").ToList();
}
