using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Limits;

/// <summary>The limits on texts from outside that become a message: what is longer is cut and ends with an ellipsis.</summary>
public sealed class TextLimitTests
{
    private static readonly ResourceKind<string> _refusing = new(
        "example.com", "v1", "things", json => throw new System.Text.Json.JsonException(
            System.Text.Json.JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("reason").GetString()));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_message_of_an_exception_is_cut_at_its_limit(int beyond)
    {
        var error = new KubeProtocolException(new string('m', OutsideText.MaxMessage + beyond));

        var safe = OutsideText.Unowned.Of(error);

        Assert.Equal(beyond <= 0, ReferenceEquals(safe, error));
        AssertCut(OutsideText.MaxMessage, beyond, safe.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_message_of_an_inner_exception_is_cut_at_its_limit(int beyond)
    {
        var error = new KubeProtocolException("m", new IOException(new string('m', OutsideText.MaxMessage + beyond)));

        AssertCut(OutsideText.MaxMessage, beyond, OutsideText.Unowned.Of(error).InnerException!.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_searched_for_secrets_is_limited(int beyond)
    {
        var outside = new OutsideText();
        outside.Note("the-secret");
        var text = new string('t', OutsideText.MaxInput - "the-secret".Length + beyond) + "the-secret";

        // What is beyond the limit is left out before the text is searched; the piece of a secret that is left is redacted.
        Assert.Equal(OutsideText.MaxInput + Math.Min(beyond, 0), outside.Of(new string('t', text.Length), int.MaxValue).Length);
        var shown = outside.Of(text, int.MaxValue);
        Assert.DoesNotContain("the-secre", shown, StringComparison.Ordinal);
        Assert.EndsWith("***", shown, StringComparison.Ordinal);
        Assert.Equal(OutsideText.MaxInput - "the-secret".Length + beyond + "***".Length, shown.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_texts_of_a_skipped_object_are_cut_at_their_limits(int beyond)
    {
        var name = new string('n', EventDecoder<string>.MaxName + beyond);
        var reason = new string('r', EventDecoder<string>.MaxReason + beyond);
        var list = $$"""
            {"metadata":{"resourceVersion":"7"},"items":[
            {"metadata":{"name":"{{name}}","namespace":"{{name}}","resourceVersion":"6"},"reason":"{{reason}}"}]}
            """;
        using var client = new HttpClient(new FakeHandler(_ => FakeHandler.Json(200, list))) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("https://host"));

        var skipped = Assert.Single((await kube.Resources(_refusing).List(new ListOptions())).SkippedItems);

        AssertCut(EventDecoder<string>.MaxName, beyond, skipped.Name);
        AssertCut(EventDecoder<string>.MaxName, beyond, skipped.Namespace);
        AssertCut(EventDecoder<string>.MaxReason, beyond, skipped.Reason);

        // It is found by what the server sent.
        Assert.Equal(new ResourceKey(name, name), skipped.Key);
    }

    [Theory]
    [InlineData(-1, 1000)]
    [InlineData(0, 1000)]
    [InlineData(1, 1000)]
    [InlineData(-1, 3)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    public async Task The_lines_of_the_standard_error_of_a_plugin_are_limited(int beyond, int limit)
    {
        var told = new List<string>();
        var text = string.Concat(Enumerable.Range(0, limit + beyond).Select(i => $"line {i}\n"));

        await new PluginErrorLines(told.Add, new VirtualClock(), limit).ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

        Assert.Equal(limit + Math.Min(beyond, 0), told.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_line_of_the_standard_error_of_a_plugin_is_cut_at_its_limit(int beyond)
    {
        var told = new List<string>();
        var text = new string('x', PluginErrorLines.MaxLine + beyond) + "\n";

        await new PluginErrorLines(told.Add, new VirtualClock(), 1).ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

        AssertCut(PluginErrorLines.MaxLine, beyond, Assert.Single(told));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_notice_is_cut_at_its_limit(int beyond)
    {
        ConnectionNotice? told = null;

        new Notices(notice => told = notice).Tell(ConnectionNoticeKind.PluginOutput, new string('n', Notices.MaxMessage + beyond));

        AssertCut(Notices.MaxMessage, beyond, told!.Message);
    }

    private static void AssertCut(int limit, int beyond, string text)
    {
        Assert.Equal(limit + beyond, text.Length); // what is cut ends with an ellipsis
        Assert.Equal(beyond > 0, text.EndsWith('…'));
    }
}
