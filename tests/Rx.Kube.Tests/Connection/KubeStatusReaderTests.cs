using System.Text;

namespace Rx.Kube.Tests.Connection;

public class KubeStatusReaderTests
{
    [Fact]
    public void A_status_is_read()
    {
        var (status, retryAfter) = Read("""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Too large resource version","reason":"Timeout",
             "details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],
              "retryAfterSeconds":7},"code":504}
            """, 500);

        Assert.Equal(504, status.Code);
        Assert.Equal("Timeout", status.Reason);
        Assert.Equal("Too large resource version", status.Message);
        Assert.Equal(["ResourceVersionTooLarge"], status.Causes);
        Assert.Equal(TimeSpan.FromSeconds(7), retryAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"kind\":\"Status\"")]
    [InlineData("{\"kind\":\"Pod\",\"code\":418,\"message\":\"no\"}")]
    [InlineData("{\"kind\":\"Status\",\"status\":\"Success\",\"code\":200}")]
    [InlineData("<html><body>Bad gateway</body></html>")]
    public void Without_a_status_one_is_made_from_the_code(string body)
    {
        var (status, retryAfter) = Read(body, 410);

        Assert.Equal((410, "Gone", ""), (status.Code, status.Reason, status.Message));
        Assert.Null(retryAfter);
    }

    [Fact]
    public void Statuses_are_equal_by_content()
    {
        static KubeStatus Status(string cause) =>
            Read($$"""{"kind":"Status","reason":"Timeout","details":{"causes":[{"reason":"{{cause}}"}]},"code":504}""", 500).Status;

        Assert.Equal(Status("ResourceVersionTooLarge"), Status("ResourceVersionTooLarge"));
        Assert.Equal(Status("ResourceVersionTooLarge").GetHashCode(), Status("ResourceVersionTooLarge").GetHashCode());
        Assert.NotEqual(Status("ResourceVersionTooLarge"), Status("Other"));
        Assert.Equal("KubeStatus { Code = 504, Reason = Timeout, Message = , Causes = [Other] }", $"{Status("Other")}");
    }

    [Fact]
    public void Plain_text_is_the_message() => Assert.Equal("404 page not found", Read("404 page not found\n", 404).Status.Message);

    [Theory]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("\"soon\"")]
    [InlineData("{}")]
    public void An_invalid_retry_after_is_null(string value) =>
        Assert.Null(Read("{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":" + value + "}}", 429).RetryAfter);

    [Fact]
    public void A_retry_after_of_days_is_bounded() => Assert.Equal(
        TimeSpan.FromDays(1), Read("""{"kind":"Status","details":{"retryAfterSeconds":864000}}""", 429).RetryAfter);

    [Fact]
    public void Wrong_types_are_skipped()
    {
        var (status, _) = Read("""{"kind":"Status","code":"x","message":[1,{}],"reason":{"a":1},"details":[1],"metadata":7}""", 503);

        Assert.Equal((503, "ServiceUnavailable", ""), (status.Code, status.Reason, status.Message));
    }

    [Fact]
    public void A_huge_message_and_many_causes_are_cut()
    {
        var causes = string.Join(',', Enumerable.Repeat("{\"reason\":\"x\"}", 1000));
        var (read, _) = Read(
            $"{{\"kind\":\"Status\",\"message\":\"{new string('m', 100_000)}\",\"details\":{{\"causes\":[{causes}]}}}}", 500);

        var status = OutsideText.Unowned.Of(read);
        Assert.InRange(status.Message.Length, 1, 4097);
        Assert.InRange(status.Causes.Length, 1, 32);
    }

    [Fact]
    public void Deep_or_invalid_bytes_do_not_throw()
    {
        var deep = "{\"kind\":\"Status\",\"details\":" + string.Concat(Enumerable.Repeat("[", 10_000));
        Assert.Equal(500, Read(deep, 500).Status.Code);
        byte[] invalid = [.. "{\"kind\":\"Status\",\"message\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        Assert.Equal(500, KubeStatusReader.Read(invalid, 500).Status.Code);
    }

    [Fact]
    public void Random_damage_never_throws()
    {
        var whole = Encoding.UTF8.GetBytes(
            """{"kind":"Status","message":"m","reason":"r","details":{"causes":[{"reason":"c"},7],"retryAfterSeconds":1},"code":410}""");
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var damaged = whole[..random.Next(whole.Length + 1)];
            for (var hits = random.Next(4); hits > 0 && damaged.Length > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var (status, _) = KubeStatusReader.Read(damaged, 500);
            Assert.InRange(status.Code, 400, 599);
        }
    }

    private static (KubeStatus Status, TimeSpan? RetryAfter) Read(string body, int code) =>
        KubeStatusReader.Read(Encoding.UTF8.GetBytes(body), code);
}
