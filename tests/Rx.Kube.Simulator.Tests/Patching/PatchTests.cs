using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Patching;

namespace Rx.Kube.Simulator.Tests.Patching;

public sealed class PatchTests
{
    // The examples of RFC 7396, appendix A.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Merge_patch_follows_the_rfc(string target, string patch, string expected) =>
        AssertJson(expected, MergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch)));

    // Most are the examples of RFC 6902, appendix A.
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["x"]}]""", """{"foo":["bar",["x"]]}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo"}""")]
    [InlineData("""{"foo":["a","b","c"]}""", """[{"op":"move","from":"/foo/0","path":"/foo/2"}]""", """{"foo":["b","c","a"]}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}]""", """{"~1":10}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    public void Json_patch_follows_the_rfc(string target, string patch, string expected) =>
        AssertJson(expected, JsonPatch.Apply(JsonNode.Parse(target)!.AsObject(), JsonNode.Parse(patch)!.AsArray(), new()));

    [Fact]
    public void A_strategic_patch_with_two_changes_of_one_item_is_refused_because_it_would_take_quadratic_time()
    {
        var pod = JsonNode.Parse("""{"spec":{"containers":[{"name":"a"}]}}""")!.AsObject();
        var patch = JsonNode.Parse("""{"spec":{"containers":[{"name":"a","x":1},{"name":"a","y":1}]}}""")!.AsObject();
        var error = Assert.Throws<ApiStatusException>(() => StrategicPatch.Apply(pod, patch));
        Assert.Contains("containers has two changes of one item", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/none"}]""")]
    [InlineData("""[{"op":"add","path":"/none/x","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/list/9","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/list/-1","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/b"}]""")]
    [InlineData("""[{"op":"fly","path":"/a"}]""")]
    [InlineData("[1]")]
    public void A_json_patch_that_does_not_apply_is_422(string patch)
    {
        var target = JsonNode.Parse("""{"a":1,"list":[]}""")!.AsObject();
        Assert.Equal(422, Assert.Throws<ApiStatusException>(() => JsonPatch.Apply(target, JsonNode.Parse(patch)!.AsArray(), new())).Code);
    }

    [Fact]
    public void A_strategic_patch_merges_containers_by_name_and_replaces_endpoints_of_slices()
    {
        var pod = JsonNode.Parse("""{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b"}]},"endpoints":[1,2]}""")!.AsObject();
        var patch = JsonNode.Parse("""{"spec":{"containers":[{"name":"a","x":"y"}]},"endpoints":[3]}""")!.AsObject();
        AssertJson(
            """{"spec":{"containers":[{"name":"a","image":"1","x":"y"},{"name":"b"}]},"endpoints":[3]}""",
            StrategicPatch.Apply(pod, patch));
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, but it is {actual?.ToJsonString()}");
}
