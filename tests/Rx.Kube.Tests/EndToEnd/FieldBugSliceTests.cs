using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Bugs of other clients, by number: 17 and 18 are about the slices of a Service.</summary>
public sealed class FieldBugSliceTests
{
    // kuberesolver#66
    [Fact]
    public void Bug17_Three_slices_do_not_overwrite_each_other_when_one_is_deleted_and_the_rest_scaled_to_zero()
    {
        var lines = new Dictionary<char, string>
        {
            ['d'] = SliceJson.Deleted(Pod("b", 18)),
            ['a'] = SliceJson.Modified(Pod("a", 19).Without("a")),
            ['c'] = SliceJson.Modified(Pod("c", 20).Without("c")),
        };

        Run.Play("1s", List("17", "abc"), new ScriptedResponse("5ms d 4ms a 4ms c", lines))
            .Saw("0 live abc", "5 live ac", "10 live c", "15 live");
    }

    // kubernetes#135266
    [Fact]
    public void Bug18_Slices_in_any_order_with_duplicates_and_a_reused_address_are_the_identical_snapshot()
    {
        // An endpoint in two slices; an address that has moved from a pod that terminates to another one, in a third.
        EndpointSlice[] slices =
        [
            Pod("a", 10).With("b", "10.0.0.2").With("old", "10.0.0.9", ready: false, serving: true, terminating: true),
            Pod("b", 11).With("c", "10.0.0.3"),
            Pod("c", 12).With("new", "10.0.0.9", ready: false, serving: false),
        ];
        var snapshots = Permutations(slices).SelectMany(order => new[]
        {
            Heard.Play("1s", ScriptedResponse.Of(SliceJson.List("17", order)), Watch("^")).Snapshots[^1],
            Heard.Play("1s", ScriptedResponse.Of(SliceJson.List("17", order[0])), AddedOneByOne(order[1..])).Snapshots[^1],
        }).ToList();

        Assert.Equal(12, snapshots.Count);
        Assert.Equal(["a", "b", "c", "new"], snapshots[0].Endpoints.Select(e => e.Member));
        Assert.All(snapshots, s => Assert.Equal(snapshots[0].Endpoints, s.Endpoints));
        Assert.All(snapshots, s => Assert.Equal(snapshots[0].Endpoints.Select(e => e.ToString()), s.Endpoints.Select(e => e.ToString())));
    }

    private static ScriptedResponse AddedOneByOne(EndpointSlice[] slices) =>
        new("0-1", key => Utf8(SliceJson.Added(slices[key - '0'].At(20 + key - '0'))));

    private static IEnumerable<EndpointSlice[]> Permutations(EndpointSlice[] slices) => slices.Length == 0
        ? [[]]
        : slices.SelectMany(first => Permutations([.. slices.Where(s => s != first)]).Select(rest => (EndpointSlice[])[first, .. rest]));
}
