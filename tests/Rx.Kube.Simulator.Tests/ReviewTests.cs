using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>What a user asks about itself.</summary>
public sealed class ReviewTests
{
    private const string Subject = "apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Access = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    [Theory]
    [InlineData("admin-token", "admin")]
    [InlineData("nobody-token", "nobody")]
    public async Task Every_user_may_ask_who_it_is(string token, string name)
    {
        var (status, body) = await PostAsync(token, Subject, new());
        Assert.Equal((201, name), (status, (string?)body["status"]!["userInfo"]!["username"]));
    }

    [Theory]
    [InlineData("reader-token", "watch", true)]
    [InlineData("lister-token", "list", true)]
    [InlineData("lister-token", "watch", false)]
    [InlineData("nobody-token", "list", false)]
    [InlineData("reader-token", "delete", false)]
    public async Task A_permission_is_told_as_requests_are_judged(string token, string verb, bool allowed)
    {
        var (status, body) = await PostAsync(token, Access, new JsonObject
        {
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["verb"] = verb, ["resource"] = "pods" } },
        });
        Assert.Equal((201, allowed), (status, (bool)body["status"]!["allowed"]!));
    }

    [Fact]
    public async Task Without_tokens_everything_is_allowed_to_an_anonymous_user()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var response = await client.PostAsJsonAsync(Subject, new { });
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("system:anonymous", (string?)body["status"]!["userInfo"]!["username"]);
    }

    [Theory]
    [InlineData(null, Subject, "{}", 403)]
    [InlineData("unknown", Subject, "{}", 401)]
    [InlineData("admin-token", Access, "{}", 400)]
    [InlineData("admin-token", Access, "{", 400)]
    [InlineData("admin-token", Access, """{"spec":{"resourceAttributes":{"verb":1}}}""", 400)]
    [InlineData("admin-token", Subject + "/x", "{}", 404)]
    public async Task What_is_no_question_is_refused(string? token, string path, string body, int expected)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Tokens = SimulatedUser.TestTokens });
        using var client = server.Client(token);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_review_cannot_be_read()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        Assert.Equal(405, (await client.GetJsonAsync(Subject)).Status);
    }

    private static async Task<(int Status, JsonNode Body)> PostAsync(string token, string path, JsonObject body)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Tokens = SimulatedUser.TestTokens });
        using var client = server.Client(token);
        using var response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
