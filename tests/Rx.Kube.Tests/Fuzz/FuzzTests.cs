using System.IO.Compression;
using System.Text;
using Rx.Kube.Fuzz;
using Rx.Kube.Fuzz.Models;
using Rx.Kube.Fuzz.Targets;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Fuzz;

/// <summary>
/// The fuzzer (<c>tests/Rx.Kube.Fuzz</c>): what it has found stays fixed, and it finds what it is for. CI runs a million inputs apart.
/// </summary>
public sealed class FuzzTests
{
    public static TheoryData<string, string, string> Named => NamedInputs.All;

    [Theory]
    [MemberData(nameof(Named))]
    public void An_input_that_was_not_read_as_it_must_be_is_now(string name, string kind, string input)
    {
        Assert.NotEmpty(name);
        Block.Read(AllTargets.Create().Single(target => target.Name == kind), Encoding.Latin1.GetBytes(input), null, () => new Dice(1));
    }

    [Fact]
    public void Inputs_of_every_kind_are_read_as_they_must_be()
    {
        var fuzzer = new Fuzzer(seed: 7, workers: 1);
        fuzzer.Run(0, 3000, number => Assert.Fail($"input {number} does not end"));
        Assert.Equal([], fuzzer.Failures.Select(failure => failure.Report()));
        Assert.Equal(AllTargets.Create().Select(target => target.Name).Order(), fuzzer.Totals.Keys.Order());
    }

    [Fact]
    public void A_seed_gives_the_same_inputs_again()
    {
        var (once, again, other) = (Inputs(seed: 3), Inputs(seed: 3), Inputs(seed: 4));
        Assert.Equal(once, again);
        Assert.NotEqual(once, other);
    }

    [Theory]
    [InlineData("throws an exception that is not documented")]
    [InlineData("forgets a field")]
    [InlineData("rejects a valid object")]
    [InlineData("needs memory out of proportion")]
    public void A_decoder_that_breaks_a_promise_is_found(string defect)
    {
        var sound = ResourceKinds.Nodes.CreateDecoder();
        var kind = new ResourceKind<Node>("", "v1", "nodes", json =>
        {
            var isNull = json.IndexOf("null"u8) >= 0;
            _ = defect switch
            {
                "throws an exception that is not documented" when isNull => throw new InvalidOperationException(defect),
                "needs memory out of proportion" => new byte[1_000_000],
                _ => [],
            };
            var node = sound(json);
            return defect == "forgets a field" && node.Unschedulable ? node with { Unschedulable = false }
                : defect == "rejects a valid object" && node.Metadata.Name == "cache-1" ? throw new System.Text.Json.JsonException()
                : node;
        });
        var nodes = new ObjectTarget<Node>("node", 1, kind, Draw.Node, Rx.Kube.Fuzz.Models.Docs.Of, static (a, b) => a == b);
        var block = new Block(1, [nodes]);
        Assert.Throws<FuzzFailureException>(() =>
        {
            for (var number = 0; number < Block.Size; number++)
            {
                block.Run(number);
            }
        });
    }

    [Fact]
    public void A_compressed_recording_may_cost_in_proportion_to_what_it_has_uncompressed()
    {
        // As seed 30112026, input 6753501: a valid recording of 4,168 bytes of gzip, with much more inside.
        var endpoints = Enumerable.Range(0, 5000).Select(i => $$"""{"addresses":["10.0.0.{{i * 7919 % 211}}"]}""");
        var input = Gzip(
            """{"format":"rxkube-recording","version":"1.0","resource":{"group":"discovery.k8s.io","version":"v1","""
            + """ "plural":"endpointslices"},"namespace":"default","started":"2026-11-27T03:04:05Z"}""" + "\n"
            + """{"at":1,"type":"ADDED","resourceVersion":"14","object":{"metadata":{"name":"cache-a","namespace":"default","""
            + """ "resourceVersion":"14","labels":{"kubernetes.io/service-name":"cache"}},"addressType":"IPv4","endpoints":["""
            + string.Join(',', endpoints) + "]}}\n");
        var target = new RecordingTarget();

        Assert.InRange(target.LengthOf(input), 9 * input.Length, 16 * input.Length);
        for (var seed = 1UL; seed <= 20; seed++)
        {
            Block.Read(target, input, null, () => new Dice(seed));
        }
    }

    [Fact]
    public void A_compressed_recording_that_is_a_bomb_may_not_cost_what_it_inflates_to()
    {
        var input = Gzip(new string('\n', 1 << 20));
        Assert.Equal(16 * input.Length, new RecordingTarget().LengthOf(input));
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static List<(string, string)> Inputs(ulong seed)
    {
        var block = new Block(seed);
        return
        [
            .. Enumerable.Range(0, 500).Select(number => block.Make(number))
                .Select(made => (made.Target.Name, Convert.ToHexString(made.Input))),
        ];
    }
}
