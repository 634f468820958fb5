using System.Net;
using System.Reactive.Linq;
using System.Text.Json;
using Rx.Kube.Tests.Wire;
using static Rx.Kube.Tests.Wire.BinaryTestFormat;

namespace Rx.Kube.Tests.Watching;

/// <summary>A kind can be read in several formats; the server's answer says which one it is in.</summary>
public class KubeWatchableFormatTests
{
    private const string Binary = "application/x.rx-kube-test";
    private const string BinaryWatch = Binary + ";stream=watch";
    private static readonly BinaryTestFormat _format = new();
    private static readonly ResourceKind<string> _jsonOnly = new("", "v1", "pods", JsonName);

    private static readonly ResourceKind<string> _both = new(
        "", "v1", "pods", namespaced: true,
        new FormatDecoder<string>(_format, _ => DecodeName), new FormatDecoder<string>(JsonWireFormat.Instance, _ => JsonName));

    [Fact]
    public async Task A_list_of_another_format_is_read_over_its_pages()
    {
        var server = new CannedServer()
            .Answers(Body(Texts("17", "t1"), Texts("n", "a", "3"), Texts("n", "bad")), chunk: 3, contentType: Binary)
            .Answers(Body(Texts("17", ""), Texts("n", "c", "5")), contentType: Binary);

        var list = await server.Connection.Resources(_both).List();

        Assert.Equal(["a", "c"], list.Items.AsEnumerable());
        Assert.Equal("17", list.ResourceVersion);
        Assert.Equal(("n", "bad"), (Assert.Single(list.SkippedItems).Namespace, list.SkippedItems[0].Name));
        Assert.Equal(["/api/v1/pods?limit=500", "/api/v1/pods?limit=500&continue=t1"], server.Requests);
    }

    [Fact]
    public async Task A_watch_of_another_format_is_read()
    {
        var server = new CannedServer().Answers(
            Body(
                Event('A', "n", "a", "18"), Event('M', "n", "a", "19"), Event('B', "", "", "25"), Event('M', "n", "bad", "26", "extra"),
                Event('?', "n", "a", "27"), Event('D', "n", "a", "28")),
            chunk: 5, contentType: BinaryWatch);

        var events = await server.Connection.Resources(_both).Watch("17").ToList();

        Assert.Equal(
            [
                new WatchEvent<string>.Opened(), new WatchEvent<string>.Added("a", "18"), new WatchEvent<string>.Modified("a", "19"),
                new WatchEvent<string>.Bookmark("25"),
                new WatchEvent<string>.Skipped(new("n", "bad", "26", "FormatException: an object has three texts"), "26"),
                new WatchEvent<string>.Skipped(new("n", "a", "27", "the type of the event is unknown"), "27"),
                new WatchEvent<string>.Deleted("a", "28"),
            ],
            events);
    }

    [Fact]
    public async Task An_error_event_of_another_format_is_a_typed_error()
    {
        var server = new CannedServer().Answers(Body(Event('E', "410", "Expired", "too old")), contentType: BinaryWatch);

        var error = await Assert.ThrowsAsync<KubeStatusException>(
            async () => await server.Connection.Resources(_both).Watch("17").ToList());

        Assert.True(error.IsGone);
        Assert.Equal("too old", error.Status.Message);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task A_refusal_of_another_format_names_the_permission(string verb)
    {
        var server = new CannedServer().Answers(
            Texts("403", "Forbidden", "User \"me\" cannot do it"), HttpStatusCode.Forbidden, contentType: Binary);
        var pods = server.Connection.Resources(_both);

        var error = await Assert.ThrowsAsync<KubeForbiddenException>(
            async () => await (verb == "list" ? pods.List() : pods.Watch("17")));

        Assert.Equal(new MissingPermission(verb, "", "pods", null) { User = "me" }, error.Permission);
        Assert.Equal("User \"me\" cannot do it", error.Status.Message);
    }

    [Fact]
    public async Task Accept_names_the_formats_of_the_kind_in_their_order()
    {
        var server = new CannedServer().Answers("").Answers("").Answers("").Answers("");

        await server.Connection.Resources(_both).Watch("17").ToList();
        await server.Connection.Resources(_jsonOnly).Watch("17").ToList();
        await server.Connection.EndpointSlices().Watch("17").ToList();
        await Assert.ThrowsAnyAsync<KubeException>(async () => await server.Connection.Pods().List());

        const string Lean = "application/json; drop=metadata.managedFields";
        Assert.Equal([$"{Binary},application/json", "application/json", Lean, Lean], server.Accepts);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task An_answer_in_json_is_read_as_json_though_another_format_is_preferred(string? contentType)
    {
        var server = new CannedServer()
            .Answers("""{"metadata":{"resourceVersion":"17"},"items":[{"metadata":{"name":"a"}}]}"""u8.ToArray(), contentType: contentType)
            .Answers("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"b\",\"resourceVersion\":\"18\"}}}\n"u8.ToArray(),
                contentType: contentType);

        Assert.Equal(["a"], (await server.Connection.Resources(_both).List()).Items.AsEnumerable());
        Assert.Equal(new WatchEvent<string>.Added("b", "18"), await server.Connection.Resources(_both).Watch("17"));
    }

    private static string JsonName(ReadOnlySpan<byte> json) =>
        JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("metadata").GetProperty("name").GetString()!;
}
