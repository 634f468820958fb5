using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Trees;

/// <summary>Draws a Service as a tree: its slices, their endpoints, and the pod and the node of each.</summary>
internal static class TreeText
{
    private const int MostUnlisted = 50;

    /// <summary>Gets what the further lines of a line begin with: the branches that go on.</summary>
    /// <param name="line">A line of the tree.</param>
    /// <returns>The text.</returns>
    public static string Hang(Line line)
    {
        var branches = line.ToString().TakeWhile(c => "│├└─ |`-".Contains(c, StringComparison.Ordinal))
            .Select(c => c switch { '├' or '│' => '│', '|' => '|', _ => ' ' });
        return string.Concat(branches) + "  ";
    }

    /// <summary>Draws the tree.</summary>
    /// <param name="state">The Service.</param>
    /// <param name="isUnicode">Whether the terminal can show Unicode.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(TreeState state, bool isUnicode)
    {
        var name = $"{EndpointFormat.Name(state.Name.Namespace)}/{EndpointFormat.Name(state.Name.Name)}";
        var what = state switch
        {
            { Service: { } service } => ServiceText.Describe(service),
            { Services.Missing: not null } => "",
            { Services.Synced: null } => "",
            _ => "there is no Service object",
        };
        yield return new Line().Add("Service ", Palette.Quiet).Add(name, Palette.Strong).Add(what.Length == 0 ? "" : "  " + what);
        foreach (var line in Children(Branches(state), "", isUnicode))
        {
            yield return line;
        }

        foreach (var missing in state.Missing)
        {
            yield return new Line().Add(
                $"without the permission to {missing} this tree has gaps; rxkube rbac tree prints it", Palette.Warn);
        }

        if (state.Pods.IsNone)
        {
            yield return new Line().Add("as the EndpointSlices say; a recording has no pods and nodes", Palette.Quiet);
        }
    }

    private static IEnumerable<Branch> Branches(TreeState state)
    {
        var slices = state.Topology.Endpoints.GroupBy(e => e.Slice).OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        foreach (var slice in slices)
        {
            var first = slice.First();
            yield return new(
                new Line().Add("EndpointSlice ", Palette.Quiet).Add(EndpointFormat.Name(slice.Key), Palette.Strong)
                    .Add($"  {EndpointFormat.Name(first.AddressType)}, {HumanFormat.Count(slice.Count(), "endpoint")}")
                    .Add(first.Ports.IsEmpty ? "" : $", ports {EndpointFormat.Ports(first)}"),
                slice.Select(endpoint => OfEndpoint(state, endpoint)));
        }

        if (state.Topology.SliceCount - slices.Count is > 0 and var empty)
        {
            yield return new(
                new Line().Add($"{HumanFormat.Count(empty, "EndpointSlice")} without endpoints of its own", Palette.Quiet), []);
        }
        else if (slices.Count == 0)
        {
            yield return new(new Line().Add(PresenceText.Of(state.Topology) ?? "no EndpointSlice", Palette.Warn), []);
        }

        var unlisted = state.Unlisted.Take(MostUnlisted + 1).ToList();
        if (unlisted.Count > 0)
        {
            var more = unlisted.Count > MostUnlisted ? new[] { new Branch(new Line().Add("and more", Palette.Quiet), []) } : [];
            yield return new(
                new Line().Add("pods that the Service selects, and no slice lists", Palette.Warn),
                unlisted.Take(MostUnlisted).Select(pod => new Branch(OfPod(pod, WhyUnlisted(pod)), [])).Concat(more));
        }
    }

    /// <summary>Says why no slice lists a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <returns>A clause whose subject is the pod, escaped.</returns>
    public static string WhyUnlisted(PodObject pod) => PodText.Ended(pod) ?? PodText.Problem(pod, null) switch
    {
        { } problem => problem,
        null when string.IsNullOrEmpty(pod.Status?.PodIP) => "has no address yet",
        null => "is ready: the slices do not know that yet",
    };

    private static Branch OfEndpoint(TreeState state, TopologyEndpoint endpoint)
    {
        var (gets, why) = state.TrafficOf(endpoint);
        var line = new Line().Add(EndpointFormat.Name(endpoint.Member), Palette.Strong)
            .Add($"  {EndpointFormat.Addresses(endpoint)}  {EndpointFormat.State(endpoint)}  ")
            .Add(gets ? "gets traffic" : "no traffic", gets ? Palette.Good : Palette.Bad).Add(": " + why);
        return new(line, Behind(state, endpoint));
    }

    private static Branch[] Behind(TreeState state, TopologyEndpoint endpoint)
    {
        var node = state.NodeOf(endpoint);
        var nodes = endpoint.Node is { } name ? new[] { new Branch(OfNode(state, name, node, endpoint.Zone), []) } : [];
        if (endpoint.Pod is not { } pod)
        {
            return nodes;
        }

        return [new(state.PodOf(endpoint) is { } found ? OfPod(found, null)
            : new Line().Add("Pod ", Palette.Quiet).Add(EndpointFormat.Name(pod)).Add(
                state.Pods.Synced is null ? "" : state.Pods.Find(state.Name.Namespace, pod) is null ? "  is gone" : "  is another one now",
                Palette.Bad), nodes)];
    }

    private static Line OfPod(PodObject pod, string? why)
    {
        var line = new Line().Add("Pod ", Palette.Quiet).Add(EndpointFormat.Name(pod.Metadata.Name))
            .Add($"  {EndpointFormat.Name(pod.Status?.Phase ?? "?")}").Add(pod.IsReady ? ", ready" : ", not ready")
            .Add(pod.Metadata.DeletionTimestamp is null ? "" : ", being deleted", Palette.Warn);
        return why is null ? line : line.Add(": " + why);
    }

    private static Line OfNode(TreeState state, string name, NodeObject? node, string? zone)
    {
        var line = new Line().Add("Node ", Palette.Quiet).Add(EndpointFormat.Name(name));
        var place = node?.Zone ?? zone;
        line.Add(place is null ? "" : $"  zone {EndpointFormat.Name(place)}");
        return node switch
        {
            null when state.Nodes.Synced is not null => line.Add(", gone", Palette.Bad),
            null => line,
            { IsReady: false } => line.Add(", not ready", Palette.Bad),
            { Spec.Unschedulable: true } => line.Add(", ready, cordoned", Palette.Warn),
            _ => line.Add(", ready"),
        };
    }

    private static IEnumerable<Line> Children(IEnumerable<Branch> branches, string indent, bool isUnicode)
    {
        var all = branches.ToList();
        foreach (var (index, branch) in all.Index())
        {
            var isLast = index == all.Count - 1;
            var (mark, next) = (isUnicode, isLast) switch
            {
                (true, false) => ("├─ ", "│  "),
                (true, true) => ("└─ ", "   "),
                (false, false) => ("|- ", "|  "),
                _ => ("`- ", "   "),
            };
            yield return new Line().Add(indent + mark, Palette.Quiet).Add(branch.Line);
            foreach (var line in Children(branch.Children, indent + next, isUnicode))
            {
                yield return line;
            }
        }
    }

    /// <summary>Represents a line and those below it.</summary>
    private sealed record Branch(Line Line, IEnumerable<Branch> Children);
}
