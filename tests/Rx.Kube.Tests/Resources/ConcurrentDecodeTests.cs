using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

/// <summary>The last event of one request and the first of the next may be decoded at the same time.</summary>
public class ConcurrentDecodeTests
{
    [Fact]
    public async Task Many_threads_decoding_versions_of_the_same_slices_get_the_results_of_one_thread()
    {
        var shared = new EndpointSliceDecoder();
        byte[][] texts = [.. Enumerable.Range(0, 64).Select(Json)];
        EndpointSlice[] expected = [.. texts.Select(t => new EndpointSliceDecoder().Decode(t))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2_000; i++)
            {
                var which = random.Next(texts.Length);
                var slice = shared.Decode(texts[which]);
                Assert.True(expected[which].Equals(slice), $"text {which} was decoded to another slice");
                if (i % 500 == 0)
                {
                    GC.Collect(0); // collects weakly held endpoints while other threads look them up
                }
            }
        })));
    }

    // Few names, so that threads decode versions of one slice; endpoints are added, removed and moved.
    private static byte[] Json(int n)
    {
        var random = new Random(n);
        var endpoints = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(40)).Select(e =>
            $$$"""{"addresses":["10.0.{{{n % 3}}}.{{{e}}}"],"conditions":""" +
            $$$"""{"ready":{{{(e % 2 == 0 ? "true" : "false")}}}},"zone":"z{{{e % 4}}}","targetRef":{"kind":"Pod","name":"p{{{e}}}"}}""");
        return Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"name":"s{{{n % 3}}}","namespace":"n","resourceVersion":"{{{n}}}","labels":""" +
            $$$"""{"a":"{{{n % 5}}}"}},"addressType":"IPv4","endpoints":[{{{string.Join(',', endpoints)}}}]}""");
    }
}
