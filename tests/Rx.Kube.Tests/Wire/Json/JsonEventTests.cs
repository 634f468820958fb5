using System.Text;

namespace Rx.Kube.Tests.Wire.Json;

public class JsonEventTests
{
    [Theory]
    [InlineData("""{"type":"ADDED","object":{"a":{}}}""", "Added", """{"a":{}}""")]
    [InlineData("""  {"type":"MODIFIED" , "object": {"a":"}"} } """, "Modified", """{"a":"}"}""")]
    [InlineData("""{"type":"DELETED","object":{}}""", "Deleted", "{}")]
    [InlineData("""{"type":"BOOKMARK","object":{}}""", "Bookmark", "{}")]
    [InlineData("""{"type":"ERROR","object":{}}""", "Error", "{}")]
    [InlineData("""{"type":"SOMETHING","object":{}}""", "Unknown", "{}")]
    public void The_usual_envelope_is_read(string line, string type, string json)
    {
        foreach (var exact in new[] { true, false })
        {
            var frame = JsonEvent.Read(Encoding.UTF8.GetBytes(line), exact);

            Assert.Equal(type, frame.Type.ToString());
            Assert.Equal(json, Encoding.UTF8.GetString(frame.Object).Trim());
        }
    }

    [Theory]
    [InlineData("""{"object":{"a":1},"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"a":1},"extra":{"b":"}"}}""")]
    [InlineData("""{"extra":[{"type":"DELETED"}],"type":"ADDED","object":{"a":1}}""")]
    public void An_unusual_envelope_is_read_exactly(string line)
    {
        var frame = JsonEvent.Read(Encoding.UTF8.GetBytes(line), exact: true);

        Assert.Equal(FrameType.Added, frame.Type);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(frame.Object));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("\u0000")]
    public void A_line_that_is_not_an_event_is_a_protocol_error(string line) =>
        Assert.Throws<KubeProtocolException>(() => JsonEvent.Read(Encoding.UTF8.GetBytes(line), exact: true));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"type":"ADDED",""")]
    [InlineData("""{"type":"ADDED","object":{"a":""")]
    [InlineData("""{"type":"ADDED","object":{"a":{}}""")]
    public void A_line_that_is_the_beginning_of_an_event_is_incomplete(string line) =>
        Assert.Equal(FrameType.Incomplete, JsonEvent.Read(Encoding.UTF8.GetBytes(line), exact: true).Type);

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"a":{}}}""", "")]
    [InlineData("""{"type":"ADDED","object":{"a":{}}}  """, "")]
    [InlineData("""{"type":"ADDED","object":{"a":{}}} {"type":"ADDED","object":{}}""", """{"type":"ADDED","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"a":{}}}x""", "x")]
    public void What_follows_an_event_is_told(string line, string rest) =>
        Assert.Equal(rest, Encoding.UTF8.GetString(JsonEvent.Read(Encoding.UTF8.GetBytes(line), exact: true).Rest));
}
