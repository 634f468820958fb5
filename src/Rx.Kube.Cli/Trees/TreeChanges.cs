using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Trees;

/// <summary>Represents a member that joined, left or changed, with the reason.</summary>
/// <param name="Sign">The kind of change: <c>+</c>, <c>-</c> or <c>~</c>.</param>
/// <param name="Member">The member.</param>
/// <param name="Why">The reason, escaped.</param>
internal sealed record TreeChange(char Sign, string Member, string Why);

/// <summary>Explains what changes, by joining the endpoints with their pods and nodes.</summary>
internal static class TreeChanges
{
    /// <summary>The watches are not synchronized: a pod may tell a moment after its endpoint why it has gone.</summary>
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(1);

    /// <summary>Explains the changes between complete states.</summary>
    /// <param name="states">The states.</param>
    /// <param name="arrow">The separator of an old and a new value.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>
    /// The changes. A member that left is explained a second later, when its pod has told its state; at once, if pods are not known.
    /// </returns>
    public static IObservable<TreeChange> Explain(this IObservable<TreeState> states, string arrow, IScheduler scheduler) => states
        .Where(state => state.Topology.Freshness.IsSynced)
        .Scan(Memory.Empty, (memory, state) => memory.Next(state))
        .Publish(memories => memories.Where(m => m.Before is not null).SelectMany(memory =>
        {
            var (state, diff) = (memory.State!, memory.State!.Topology.DiffFrom(memory.Before!.Topology));
            var now = diff.Added.Select(c => new TreeChange('+', c.Member, Text(state, c))).Concat(diff.Updated
                .Select(c => new TreeChange('~', c.Member, $"{EndpointFormat.Difference(c, arrow)}; {Text(state, c)}"))).ToObservable();
            var settled = diff.Removed.IsEmpty ? Observable.Empty<Memory>()
                : state.Pods.IsUnknowable ? Observable.Return(memory)
                : Observable.Timer(_settling, scheduler).WithLatestFrom(memories.StartWith(memory), (_, later) => later);
            return now.Concat(settled.SelectMany(later =>
                diff.Removed.Select(c => new TreeChange('-', c.Member, "left: " + WhyLeft(later, c)))));
        }));

    private static string Text(TreeState state, MemberChange change)
    {
        var (gets, why) = state.TrafficOf(change.Current[0]);
        return $"{(gets ? "gets traffic" : "no traffic")}: {why}";
    }

    private static string WhyLeft(Memory memory, MemberChange change)
    {
        var (state, endpoint) = (memory.State!, change.Previous[0]);
        if (endpoint.Pod is not { } name)
        {
            return "its slice does not list it any more; it has no pod";
        }

        if (state.Pods.IsUnknowable)
        {
            return (endpoint.Terminating ? "its pod was being deleted" : "its slice does not list it any more")
                + (state.Pods.Missing is null ? "" : "; the permission to list pods would tell why");
        }

        var last = memory.Pods.GetValueOrDefault(name);
        var isAnother = endpoint.Uid is not null && state.Pods.Find(state.Name.Namespace, name) is { } found &&
            found.Metadata.Uid != endpoint.Uid;
        var node = endpoint.Node is { } nodeName && state.Nodes.Synced is not null && state.NodeOf(endpoint) is null
            ? $"; its node {EndpointFormat.Name(nodeName)} is gone" : "";
        var isGone = isAnother || state.Pods.Find(state.Name.Namespace, name) is null;
        var deleted = isAnother ? "was deleted, and another one has its name" : "was deleted";
        return (last, isGone) switch
        {
            (null, true) => $"its pod {deleted}{node}",
            (null, false) => "its slice does not list it any more",
            (_, true) when PodText.Ended(last) is { } ended and not "is being deleted" => $"its pod {ended}{node}",
            (_, true) => $"its pod {deleted}{node}",
            _ when PodText.Ended(last) is { } ended => $"its pod {ended}{node}",
            _ when state.Service is not null && !state.IsSelected(last) => "the labels of its pod do not match the Service any more",
            _ when PodText.Problem(last, state.NodeOf(endpoint)) is { } problem => $"its pod {problem}",
            _ => "its slice does not list it any more, although its pod is ready",
        };
    }

    /// <summary>Represents a state, the one before, and the last known state of each pod by its name.</summary>
    private sealed record Memory(TreeState? State, TreeState? Before, ImmutableDictionary<string, PodObject> Pods)
    {
        private const int MostGone = 1000;

        public static Memory Empty { get; } =
            new(null, null, ImmutableDictionary<string, PodObject>.Empty.WithComparers(StringComparer.Ordinal));

        public Memory Next(TreeState state)
        {
            // The uid of a pod that is remembered stays that of its endpoint, until an endpoint has another one.
            var named = state.Topology.Endpoints.Select(e => (e.Pod, Object: state.PodOf(e))).Where(p => p.Object is not null)
                .Select(p => KeyValuePair.Create(p.Pod!, p.Object!));
            var known = Pods.Values
                .Select(p => state.Pods.Find(state.Name.Namespace, p.Metadata.Name) is { } now &&
                    now.Metadata.Uid == p.Metadata.Uid ? now : p)
                .Select(p => KeyValuePair.Create(p.Metadata.Name, p));
            var pods = Pods.SetItems(known).SetItems(named);
            return new(state, State, pods.Count <= MostGone + (2 * state.Topology.Endpoints.Count) ? pods : Empty.Pods.SetItems(named));
        }
    }
}
