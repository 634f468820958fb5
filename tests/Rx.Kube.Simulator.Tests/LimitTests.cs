using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Patching;
using Rx.Kube.Simulator.Selectors;
using Rx.Kube.Simulator.Storage;
using static Rx.Kube.Simulator.Tests.KubeObjects;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

/// <summary>The limits of the simulator: one below, at and one above each.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_patch_of_copies_that_double_an_object_is_refused_before_it_takes_memory()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice("a"));
        var operations = string.Join(",", Enumerable.Repeat("""{"op":"copy","from":"/endpoints","path":"/endpoints/-"}""", 29));
        var before = GC.GetTotalAllocatedBytes();

        Assert.Equal(422, await PatchAsync(server, Patch.JsonType, $"[{operations}]"));

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200_000_000);
        Assert.Equal("2", server.Cluster.Get("endpointslices", "default", "a")!.Version());
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, 422, false)]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, 422, true)]
    public void The_bytes_of_all_copies_are_limited(int more, int? code, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxPatchCopyBytes = 100 } : new();

        // Two copies of a text, with its quotes.
        var text = new string('x', (options.MaxPatchCopyBytes / 2) - 2);
        var target = new JsonObject { ["a"] = JsonValue.Create(text), ["b"] = new string('x', text.Length + more) };
        AssertCode(code, () => JsonPatch.Apply(
            target, Operations("""{"op":"copy","from":"/a","path":"/c"}""", """{"op":"copy","from":"/b","path":"/c"}"""), options));
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, 422, false)]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, 422, true)]
    public void The_values_of_all_copies_are_limited(int more, int? code, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxBodyValues = 100 } : new();

        // Two copies of a list, which is a value itself.
        static JsonArray Values(int count) => new([.. Enumerable.Repeat<JsonNode?>(null, count - 1)]);
        var target = new JsonObject { ["a"] = Values(options.MaxBodyValues / 2), ["b"] = Values((options.MaxBodyValues / 2) + more) };
        AssertCode(code, () => JsonPatch.Apply(
            target, Operations("""{"op":"copy","from":"/a","path":"/c"}""", """{"op":"copy","from":"/b","path":"/c"}"""), options));
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, 413, false)]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, 413, true)]
    public void The_operations_of_a_patch_are_limited(int more, int? code, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxPatchOperations = 3 } : new();
        var operations = new JsonArray([.. Enumerable.Range(0, options.MaxPatchOperations + more).Select(
            _ => JsonNode.Parse("""{"op":"test","path":"/a","value":1}"""))]);
        AssertCode(code, () => JsonPatch.Apply(new() { ["a"] = 1 }, operations, options));
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, 422, false)]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, 422, true)]
    public void The_levels_of_a_patched_object_are_limited(int more, int? code, bool isSet)
    {
        // More levels than the default, too.
        foreach (var depth in isSet ? [3, 100] : (int[])[64])
        {
            var options = isSet ? new SimulatorOptions { MaxBodyDepth = depth } : new();
            var operations = new JsonArray();
            for (var level = 1; level < depth + more; level++)
            {
                var path = string.Concat(Enumerable.Repeat("/a", level));
                operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = new JsonObject() });
            }

            AssertCode(code, () => JsonPatch.Apply([], operations, options));
        }
    }

    [Fact]
    public void Copies_of_an_object_into_itself_do_not_exhaust_the_stack()
    {
        var operations = new JsonArray([.. Enumerable.Range(0, 9_000).Select(
            _ => JsonNode.Parse("""{"op":"copy","from":"/a","path":"/a/a"}"""))]);
        AssertCode(422, () => JsonPatch.Apply(JsonNode.Parse("""{"a":{"a":{}}}""")!.AsObject(), operations, new()));
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, 422, false)]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, 422, true)]
    public void The_steps_of_a_patch_are_limited(int more, int? code, bool isSet)
    {
        // A step for each value that is added, and one for each neighbour of a value that is removed, with itself.
        static JsonArray Values(int count) => new([.. Enumerable.Repeat<JsonNode?>(null, count - 1)]);
        var options = isSet ? new SimulatorOptions { MaxPatchSteps = 1000 } : new();
        var eachMove = options.MaxPatchSteps / 100;
        const int Moves = 99;
        var target = new JsonObject { ["a"] = Values(eachMove - 1) };
        var operations = new JsonArray([.. Enumerable.Range(0, Moves).Select(
            _ => JsonNode.Parse("""{"op":"move","from":"/a","path":"/a"}"""))]);
        operations.Add(JsonNode.Parse("""{"op":"add","path":"/b"}"""));
        operations[^1]!["value"] = Values(options.MaxPatchSteps - (Moves * eachMove) + more);

        AssertCode(code, () => JsonPatch.Apply(target, operations, options));
    }

    [Theory]
    [InlineData(Patch.MergeType)]
    [InlineData(Patch.StrategicType)]
    public async Task A_patch_takes_time_in_proportion_to_its_size(string type)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var labels = new JsonObject();
        for (var i = 0; i < 30_000; i++) labels[$"a{i}"] = "x";
        server.Cluster.Create("endpointslices", Slice("a"));
        var watch = Stopwatch.StartNew();
        foreach (var value in (string?[])["x", "y", null])
        {
            foreach (var name in labels.Select(l => l.Key).ToList()) labels[name] = value;
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = labels.DeepClone() } };
            Assert.Equal(200, await PatchAsync(server, type, patch.ToJsonString()));
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Null(server.Cluster.Get("endpointslices", "default", "a")!["metadata"]!["annotations"]);
    }

    [Fact]
    public void A_strategic_patch_of_long_lists_takes_time_in_proportion_to_their_size()
    {
        static JsonArray List(string value, int count) => new([.. Enumerable.Range(0, count).Select(
            i => (JsonNode)new JsonObject { ["name"] = $"c{i}", ["image"] = value })]);
        var target = new JsonObject { ["spec"] = new JsonObject { ["containers"] = List("1", 20_000) } };
        var patch = new JsonObject { ["spec"] = new JsonObject { ["containers"] = List("2", 40_000) } };
        var watch = Stopwatch.StartNew();

        var result = StrategicPatch.Apply(target, patch);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.True(JsonNode.DeepEquals(List("2", 40_000), result["spec"]!["containers"]));
    }

    [Theory]
    [InlineData("""{"$patch":1}""")]
    [InlineData("""{"metadata":{"$patch":["delete"]}}""")]
    [InlineData("""{"metadata":{"$patch":"delete"}}""")]
    [InlineData("""{"metadata":{"finalizers":[1,null,{}]}}""")]
    [InlineData("""{"metadata":{"ownerReferences":[{"$patch":1,"uid":"x"}]}}""")]
    [InlineData("""{"metadata":{"ownerReferences":[1]}}""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":1}}""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":[{"a":1}]}}""")]
    [InlineData("""{"metadata":{"generation":"x","labels":{"a":null}}}""")]
    [InlineData("""{"metadata":1}""")]
    [InlineData("""{"metadata":null}""")]
    [InlineData("""{"ports":null,"endpoints":[null,1,{"conditions":1,"addresses":{}}]}""")]
    public async Task A_strange_patch_is_no_error_of_the_server(string patch)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Slice("a"));
        Assert.InRange(await PatchAsync(server, Patch.StrategicType, patch), 200, 499);
        Assert.InRange(await PatchAsync(server, Patch.MergeType, patch), 200, 499);
    }

    [Theory]
    [InlineData(-1, 413)]
    [InlineData(0, 201)]
    [InlineData(1, 201)]
    public async Task The_bytes_of_an_object_are_limited(int more, int status)
    {
        await using var first = await ApiServerSimulator.StartAsync();
        var bytes = Json.Bytes(first.Cluster.Create("endpointslices", Slice("a"))).Length;
        await using var server = await ApiServerSimulator.StartAsync(new() { MaxObjectBytes = bytes + more });

        Assert.Equal(status, await PostAsync(server, Slice("a")));

        if (status == 201)
        {
            Assert.Equal(413, await PatchAsync(server, Patch.MergeType, """{"metadata":{"labels":{"x":"yyyyyyyyyyyy"}}}"""));
        }
    }

    [Fact]
    public async Task The_objects_are_limited()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { MaxObjects = 2 });
        Assert.Equal(201, await PostAsync(server, Slice("a")));
        Assert.Equal(201, await PostAsync(server, Slice("b")));
        Assert.Equal(507, await PostAsync(server, Slice("c")));
        Assert.Equal(200, await PatchAsync(server, Patch.MergeType, """{"metadata":{"labels":{"x":"y"}}}"""));
        server.Cluster.Delete("endpointslices", "default", "b");
        Assert.Equal(201, await PostAsync(server, Slice("c")));
    }

    [Theory]
    [InlineData(-1, 507)]
    [InlineData(0, 201)]
    [InlineData(1, 201)]
    public async Task The_bytes_of_all_objects_are_limited(int more, int status)
    {
        await using var first = await ApiServerSimulator.StartAsync();
        var bytes = Json.Bytes(first.Cluster.Create("endpointslices", Slice("a"))).Length;
        await using var server = await ApiServerSimulator.StartAsync(new() { MaxStoredBytes = (2 * bytes) + more });
        Assert.Equal(201, await PostAsync(server, Slice("a")));
        Assert.Equal(status, await PostAsync(server, Slice("b")));
    }

    [Fact]
    public async Task The_history_is_compacted_when_its_bytes_do_not_fit()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { MaxStoredBytes = 10_000 });
        server.Cluster.Create("endpointslices", Slice("a"));
        for (var i = 0; i < 100; i++)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["i"] = $"{i}" } } };
            server.Cluster.Patch("endpointslices", "default", "a", patch);
        }

        using var client = server.Client();
        using var old = await client.WatchAsync("resourceVersion=2");
        Assert.Equal("ERROR", (string?)(await old.NextAsync())!["type"]);
        using var recent = await client.WatchAsync("resourceVersion=100");
        Assert.Equal("MODIFIED a", await recent.TextAsync());
    }

    [Theory]
    [InlineData(-1, 400, false)]
    [InlineData(0, 400, false)]
    [InlineData(1, 413, false)]
    [InlineData(-1, 400, true)]
    [InlineData(0, 400, true)]
    [InlineData(1, 413, true)]
    public async Task The_bytes_of_a_body_are_limited(int more, int status, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxBodyBytes = 1000 } : new();
        await using var server = await ApiServerSimulator.StartAsync(options);
        Assert.Equal(status, await PostAsync(server, new string('x', options.MaxBodyBytes + more)));
    }

    [Theory]
    [InlineData(-1, 201, false)]
    [InlineData(0, 201, false)]
    [InlineData(1, 413, false)]
    [InlineData(-1, 201, true)]
    [InlineData(0, 201, true)]
    [InlineData(1, 413, true)]
    public async Task The_values_of_a_body_are_limited(int more, int status, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxBodyValues = 100 } : new();
        await using var server = await ApiServerSimulator.StartAsync(options);
        // The object, its metadata, its name, its address type and the list of endpoints are five values.
        var zeros = string.Join(',', Enumerable.Repeat("0", options.MaxBodyValues + more - 5));
        Assert.Equal(
            status, await PostAsync(server, $$"""{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{{zeros}}]}"""));
    }

    [Theory]
    [InlineData(Patch.JsonType, -1, 200, false)]
    [InlineData(Patch.JsonType, 0, 200, false)]
    [InlineData(Patch.JsonType, 1, 413, false)]
    [InlineData(Patch.MergeType, -1, 200, false)]
    [InlineData(Patch.MergeType, 0, 200, false)]
    [InlineData(Patch.MergeType, 1, 413, false)]
    [InlineData(Patch.StrategicType, -1, 200, false)]
    [InlineData(Patch.StrategicType, 0, 200, false)]
    [InlineData(Patch.StrategicType, 1, 413, false)]
    [InlineData(Patch.JsonType, -1, 200, true)]
    [InlineData(Patch.JsonType, 0, 200, true)]
    [InlineData(Patch.JsonType, 1, 413, true)]
    [InlineData(Patch.MergeType, -1, 200, true)]
    [InlineData(Patch.MergeType, 0, 200, true)]
    [InlineData(Patch.MergeType, 1, 413, true)]
    [InlineData(Patch.StrategicType, -1, 200, true)]
    [InlineData(Patch.StrategicType, 0, 200, true)]
    [InlineData(Patch.StrategicType, 1, 413, true)]
    public async Task The_values_of_a_patch_are_limited(string type, int more, int status, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxBodyValues = 100 } : new();
        await using var server = await ApiServerSimulator.StartAsync(options);
        server.Cluster.Create("endpointslices", Slice("a"));
        // The list, the operation, its three values; or the object, and the list.
        var rest = type == Patch.JsonType ? 5 : 2;
        var zeros = string.Join(',', Enumerable.Repeat("0", options.MaxBodyValues + more - rest));

        Assert.Equal(status, await PatchAsync(
            server, type, type == Patch.JsonType ? $$"""[{"op":"add","path":"/x","value":[{{zeros}}]}]""" : $$"""{"x":[{{zeros}}]}"""));
    }

    [Theory]
    [InlineData(-1, 201, false)]
    [InlineData(0, 201, false)]
    [InlineData(1, 400, false)]
    [InlineData(-1, 201, true)]
    [InlineData(0, 201, true)]
    [InlineData(1, 400, true)]
    public async Task The_levels_of_a_body_are_limited(int more, int status, bool isSet)
    {
        // More levels than the default, too: what is stored can be read.
        foreach (var depth in isSet ? [3, 100] : (int[])[64])
        {
            await using var server = await ApiServerSimulator.StartAsync(isSet ? new() { MaxBodyDepth = depth } : new());
            var levels = depth + more - 1;
            var value = new string('[', levels) + new string(']', levels);
            Assert.Equal(status, await PostAsync(server, $$"""{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":{{value}}}"""));
            Assert.Equal(200, await StatusAsync(server, HttpMethod.Get, Slices));
            Assert.Equal(
                status == 201 ? 200 : 404, await PatchAsync(server, Patch.MergeType, """{"metadata":{"labels":{"x":"y"}}}"""));
        }
    }

    [Theory]
    [InlineData(-1, true, false)]
    [InlineData(0, true, false)]
    [InlineData(1, false, false)]
    [InlineData(-1, true, true)]
    [InlineData(0, true, true)]
    [InlineData(1, false, true)]
    public void The_bytes_that_wait_for_a_watcher_are_limited(int more, bool taken, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxWatchBytes = 1000 } : new();
        var canonical = ObjectShape.Canonical(ResourceType.BuiltIn.First(t => t.Plural == "endpointslices"), Slice("a"));
        var bytes = Json.Bytes(canonical).Length;
        canonical["addressType"] = new string('x', options.MaxWatchBytes + more - bytes + 4);
        var o = new StoredObject(ResourceType.BuiltIn.First(t => t.Plural == "endpointslices"), canonical);
        Assert.Equal(options.MaxWatchBytes + more, o.Utf8.Length);
        var watcher = new Watcher(new(o.Type, null, LabelSelector.Everything, new()), 0, 0, [], options);
        Assert.Equal(taken, watcher.Offer(new Change(1, o.Type, null, o)));
    }

    [Fact]
    public async Task A_long_list_is_sent_in_parts_and_complete()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            var slice = Slice($"a{i:00}");
            slice["metadata"]!["annotations"] = new JsonObject { ["x"] = new string('x', 100_000) };
            server.Cluster.Create("endpointslices", slice);
        }

        using var client = server.Client();
        var (status, list) = await client.GetJsonAsync(Slices);
        Assert.Equal((200, 30), (status, list["items"]!.AsArray().Count));
        client.DefaultRequestHeaders.Add("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        (status, list) = await client.GetJsonAsync(Slices + "?includeObject=Object");
        Assert.Equal((200, 30, 2), (status, list["rows"]!.AsArray().Count, list["columnDefinitions"]!.AsArray().Count));
    }

    [Theory]
    [InlineData(98, 200, false)]
    [InlineData(99, 200, false)]
    [InlineData(100, 406, false)]
    [InlineData(1, 200, true)]
    [InlineData(2, 200, true)]
    [InlineData(3, 406, true)]
    public async Task The_media_types_of_a_request_are_limited(int before, int status, bool isSet)
    {
        var options = isSet ? new SimulatorOptions { MaxMediaTypes = 3 } : new();
        await using var server = await ApiServerSimulator.StartAsync(options);
        using var client = server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation(
            "Accept", string.Join(',', Enumerable.Repeat("text/html", before).Append("application/json")));
        Assert.Equal(status, (await client.GetJsonAsync(Slices)).Item1);
    }

    private static JsonArray Operations(params string[] operations) => new([.. operations.Select(o => JsonNode.Parse(o))]);

    private static void AssertCode(int? code, Action patch) =>
        Assert.Equal(code, (Record.Exception(patch) as ApiStatusException)?.Code);

    private static Task<int> PatchAsync(ApiServerSimulator server, string type, string patch) =>
        StatusAsync(server, HttpMethod.Patch, $"{Slices}/a", patch, type);

    private static Task<int> PostAsync(ApiServerSimulator server, JsonObject body) => PostAsync(server, body.ToJsonString());

    private static Task<int> PostAsync(ApiServerSimulator server, string body) => StatusAsync(server, HttpMethod.Post, Slices, body);

    private static async Task<int> StatusAsync(
        ApiServerSimulator server, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new(type) } };
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
