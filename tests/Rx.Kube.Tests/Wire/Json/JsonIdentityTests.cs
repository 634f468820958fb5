using System.Text;

namespace Rx.Kube.Tests.Wire.Json;

public class JsonIdentityTests
{
    [Theory]
    [InlineData(
        """{"kind":"X","metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"17","labels":{"name":"no"}},"spec":{}}""")]
    [InlineData("""{"spec":{"metadata":{"name":"no","resourceVersion":"3"}},"metadata":""" +
        """{"labels":{"resourceVersion":"3"},"namespace":"n","name":"a","resourceVersion":"17"}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n","resourceVersion":"17"},"spec": this is broken""")]
    public void Name_namespace_and_version_are_found_in_any_order(string json)
    {
        Assert.Equal(new ObjectIdentity("n", "a", "17"), JsonIdentity.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal("17", JsonIdentity.ReadVersion(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":17}}""")]
    [InlineData("""{"metadata":{"resourceVersion":null}}""")]
    [InlineData("""{"metadata":"x"}""")]
    [InlineData("""{"metadata":null}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    [InlineData("x")]
    public void An_absent_version_is_empty(string json) =>
        Assert.Equal("", JsonIdentity.ReadVersion(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_version_of_a_valid_event_allocates_one_string()
    {
        var json =
            """{"metadata":{"name":"a-name-of-some-length","namespace":"a-namespace-of-some-length","resourceVersion":"17"}}"""u8.ToArray();
        _ = JsonIdentity.ReadVersion(json);
        var before = GC.GetAllocatedBytesForCurrentThread();

        _ = JsonIdentity.ReadVersion(json);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32);
    }

    [Fact]
    public void Invalid_utf8_is_not_a_name()
    {
        byte[] json = [.. """{"metadata":{"name":" """u8, 0xC0, 0xAF, .. """ ","resourceVersion":"1"}}"""u8];

        Assert.Equal(ObjectIdentity.Unknown, JsonIdentity.Read(json));
        Assert.Equal("1", JsonIdentity.ReadVersion(json));
    }
}
