using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

/// <summary>
/// A decoder that remembers the last text of a slice returns what a decoder without a memory returns, whatever changed in the text. A
/// failure of a property prints its seed, which is the whole input.
/// </summary>
public class KnownSliceTests
{
    private readonly EndpointSliceDecoder _plain = new(remembers: false);

    [Fact]
    public void Every_bit_of_the_text_counts()
    {
        var json = new ServerSlice(2).Text();
        AllEqual(json, Enumerable.Range(0, 8 * json.Length).Select(i =>
        {
            byte[] flipped = [.. json];
            flipped[i / 8] ^= (byte)(1 << (i % 8));
            return flipped;
        }));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("9")]
    [InlineData("z")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\\u0041")]
    [InlineData("{")]
    [InlineData("]")]
    [InlineData(",")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\u0001")]
    [InlineData("é")]
    [InlineData("\"resourceVersion\":\"7\",")]
    public void Every_class_of_characters_counts_everywhere(string inserted)
    {
        var json = new ServerSlice(2).Text();
        var bytes = Encoding.UTF8.GetBytes(inserted);
        AllEqual(json, Enumerable.Range(0, json.Length).SelectMany(i => (byte[][])
            [[.. json[..i], .. bytes, .. json[i..]], [.. json[..i], .. bytes, .. json[(i + 1)..]]]));
    }

    [Fact]
    public void Every_end_counts()
    {
        var json = new ServerSlice(2).Text();
        AllEqual(json, Enumerable.Range(0, json.Length).SelectMany(i => (byte[][])[json[..i], [.. json[..i], .. json[(i + 1)..]]]));
    }

    [Fact]
    public void Every_field_counts_when_it_changes_or_goes_or_has_another_type()
    {
        var json = new ServerSlice(3).Text();
        var paths = PathsOf(JsonNode.Parse(json)!).ToList();
        Assert.True(paths.Count > 60);
        AllEqual(json, paths.SelectMany(path => (byte[][])
        [
            Changed(json, path, _ => "other"), Changed(json, path, _ => 4711), Changed(json, path, _ => null),
            Changed(json, path, _ => new JsonObject()), Changed(json, path, _ => new JsonArray()), Changed(json, path, _ => true),
            Changed(json, path, _ => null, remove: true),
            Changed(json, path, old => old is JsonValue v && v.TryGetValue<string>(out var text) ? text + "x" : old?.DeepClone()),
        ]));
    }

    [Fact]
    public void Endpoints_that_change_move_come_and_go_are_those_of_a_decoder_without_a_memory() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var decoder = new EndpointSliceDecoder();
            var slice = new ServerSlice(random.Next(80));
            var handedOut = new List<(EndpointSlice Slice, EndpointSlice Plain)>();
            for (var i = 0; i < 40; i++)
            {
                var text = slice.Text();
                var decoded = decoder.Decode(text);
                handedOut.Add((decoded, _plain.Decode(text)));
                Assert.Equal(handedOut[^1].Plain, decoded);
                slice.Change(random);
            }

            // What was handed out never changes.
            Assert.All(handedOut, h => Assert.Equal(h.Plain, h.Slice));
            Assert.All(handedOut, h => Assert.Equal(h.Plain.Endpoints.ToList(), h.Slice.Endpoints.ToList()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Theory]
    [InlineData(1, 1_100)]
    [InlineData(100, 1_300)]
    [InlineData(1_000, 1_700)]
    public void A_change_of_one_endpoint_allocates_nearly_the_same_in_a_slice_of_any_size(int size, int most)
    {
        var decoder = new EndpointSliceDecoder();
        var slice = new ServerSlice(size);
        var texts = new List<byte[]>();
        for (var i = 0; i < 20; i++)
        {
            slice.SetReady(size / 2, i % 2 == 0);
            texts.Add(slice.Text());
        }

        var last = texts[..10].Select(t => decoder.Decode(t)).ToList()[^1];
        var start = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts[10..])
        {
            last = decoder.Decode(text);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - start) / 10, 1, most);
        GC.KeepAlive(last);
    }

    [Fact]
    public void Endpoints_that_did_not_change_are_the_same_objects()
    {
        var decoder = new EndpointSliceDecoder();
        var slice = new ServerSlice(100);
        var before = decoder.Decode(slice.Text());
        slice.SetReady(42, false);
        var after = decoder.Decode(slice.Text());

        Assert.All(Enumerable.Range(0, 100).Where(i => i != 42), i => Assert.Same(before.Endpoints[i], after.Endpoints[i]));
        Assert.False(after.Endpoints[42].Ready);
        Assert.True(before.Endpoints[42].Ready);
    }

    [Fact]
    public void Conditions_in_any_form_replace_conditions_in_any_other()
    {
        string[] forms =
        [
            """{"ready":true,"serving":true,"terminating":false}""", """{"ready":false,"serving":true,"terminating":true}""",
            """{"ready":true}""", """{"serving":false}""", """{"terminating":true}""", """{"ready":true,"terminating":false}""", "{}",
            """{"serving":true,"ready":false}""", """{"ready": false}""", """{"ready":null}""", """{"ready":true,"ready":false}""",
            """{"ready":true,"other":{"ready":false}}""", """{"r\u0065ady":false}""", "null",
            """{"ready":false},"conditions":{"ready":true}""", """{"ready":true},"c\u006fnditions":{"ready":false}""",
            """{"ready":tru}""", """{"ready":1}""", """{"ready":true,}""", "{", "[]",
        ];
        var known = """{"ready":true,"serving":true,"terminating":false}""";
        var json = Encoding.UTF8.GetString(new ServerSlice(3).Text());
        string With(string form)
        {
            var text = json;
            for (var at = 0; (at = text.IndexOf("\"conditions\":", at, StringComparison.Ordinal)) >= 0; at++)
            {
                var start = at + "\"conditions\":".Length;
                text = text[..start] + form + text[(text.IndexOf('}', start) + 1)..];
                at = start + form.Length;
            }

            return text;
        }

        Assert.Equal(3, With(known).Split(known).Length - 1);
        foreach (var before in forms.Where(form => ResultOf(_plain, Encoding.UTF8.GetBytes(With(form))) is EndpointSlice))
        {
            AllEqual(Encoding.UTF8.GetBytes(With(before)), forms.Select(after => Encoding.UTF8.GetBytes(With(after))));
        }
    }

    [Fact]
    public void A_change_of_all_conditions_allocates_an_endpoint_each()
    {
        var decoder = new EndpointSliceDecoder();
        var slice = new ServerSlice(100);
        var texts = new List<byte[]>();
        for (var i = 0; i < 12; i++)
        {
            foreach (var endpoint in Enumerable.Range(0, 100))
            {
                slice.SetReady(endpoint, i % 2 == 0);
            }

            texts.Add(slice.Text());
        }

        var last = texts[..2].Select(t => decoder.Decode(t)).ToList()[^1];
        var start = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts[2..])
        {
            last = decoder.Decode(text);
        }

        // An endpoint is 64 bytes and the reference to it 8; the slice and its metadata take the rest. With its texts it would be 500.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - start) / 1000, 64, 90);
        Assert.All(last.Endpoints, e => Assert.False(e.Ready));
    }

    [Fact]
    public void Two_slices_that_differ_in_their_namespace_alone_are_two()
    {
        var decoder = new EndpointSliceDecoder();
        var (one, other) = (new ServerSlice(3) { Namespace = "a" }, new ServerSlice(5) { Namespace = "b" });
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(_plain.Decode(one.Text()), decoder.Decode(one.Text()));
            Assert.Equal(_plain.Decode(other.Text()), decoder.Decode(other.Text()));
            one.SetReady(1, i % 2 == 0);
        }
    }

    [Fact]
    public void Slices_that_are_gone_are_forgotten()
    {
        var known = new KnownSlices();
        var decoder = new EndpointSliceDecoder(remembers: true, known);
        for (var i = 0; i < 5_000; i++)
        {
            decoder.Decode(new ServerSlice(1) { Name = $"cache-{i}" }.Text());
            if (i % 500 == 0)
            {
                GC.Collect();
            }
        }

        Assert.InRange(known.Count, 1, 2_500);
    }

    private void AllEqual(byte[] first, IEnumerable<byte[]> texts)
    {
        foreach (var text in texts)
        {
            var decoder = new EndpointSliceDecoder();
            decoder.Decode(first);
            var (expected, actual) = (ResultOf(_plain, text), ResultOf(decoder, text));
            Assert.True(Equals(expected, actual), $"'{Encoding.UTF8.GetString(text)}' is {expected} and not {actual}");
            Assert.Equal(_plain.Decode(first), decoder.Decode(first));
        }
    }

    private static object ResultOf(EndpointSliceDecoder decoder, byte[] text)
    {
        try
        {
            return decoder.Decode(text);
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> PathsOf(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Value is null ? [] : PathsOf(p.Value).Prepend(p.Value.GetPath())),
        JsonArray a => a.SelectMany(e => e is null ? [] : PathsOf(e).Prepend(e.GetPath())),
        _ => [],
    };

    private static byte[] Changed(byte[] json, string path, Func<JsonNode?, JsonNode?> change, bool remove = false)
    {
        var root = JsonNode.Parse(json)!;
        var node = Find(root, path)!;
        if (node.Parent is JsonArray array)
        {
            var at = array.IndexOf(node);
            array.RemoveAt(at);
            if (!remove)
            {
                array.Insert(at, change(node));
            }
        }
        else
        {
            var parent = (JsonObject)node.Parent!;
            var at = parent.IndexOf(node.GetPropertyName());
            var name = node.GetPropertyName();
            parent.Remove(name);
            if (!remove)
            {
                parent.Insert(at, name, change(node));
            }
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString(ServerSlice.Options));
    }

    private static JsonNode? Find(JsonNode node, string path) => node.GetPath() == path
        ? node
        : node switch
        {
            JsonObject o => o.Select(p => p.Value is null ? null : Find(p.Value, path)).FirstOrDefault(n => n is not null),
            JsonArray a => a.Select(e => e is null ? null : Find(e, path)).FirstOrDefault(n => n is not null),
            _ => null,
        };
}
