using System.Globalization;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Models;

/// <summary>
/// The documents of objects: with dice, every order of fields, unknown fields, and null for what is absent; without, the shortest one.
/// </summary>
internal static class Docs
{
    public static Doc Of(ObjectMeta metadata, Dice? dice, params IEnumerable<(string Key, string Value)> annotations)
    {
        var notes = Doc.Map();
        foreach (var (key, value) in annotations)
        {
            notes.With(key, value);
        }

        if (metadata.LastChangeTriggerTime is { } time)
        {
            notes.With("endpoints.kubernetes.io/last-change-trigger-time", Text(time));
        }

        var labels = Doc.Map();
        foreach (var (key, value) in metadata.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            labels.With(key, value);
        }

        var doc = Doc.Map().With("name", metadata.Name).With("namespace", metadata.Namespace).With("uid", metadata.Uid)
            .With("resourceVersion", metadata.ResourceVersion);
        Unless(labels.Items.Count == 0, doc, "labels", labels);
        Unless(notes.Items.Count == 0, doc, "annotations", notes);
        doc.With("deletionTimestamp", metadata.DeletionTimestamp is { } deletion ? Text(deletion) : null);
        if (metadata.Controller is { } owner)
        {
            doc.With("ownerReferences", Doc.List(
                Doc.Map().With("kind", owner.Kind).With("name", owner.Name).With("uid", owner.Uid).With("controller", true)));
        }

        return Vary(doc, dice);
    }

    public static Doc Of(EndpointSlice slice, Dice? dice) => Vary(
        Doc.Map().With("kind", "EndpointSlice").With("apiVersion", "discovery.k8s.io/v1").With("metadata", Of(slice.Metadata, dice))
            .With("addressType", slice.AddressType).With("endpoints", Doc.List(slice.Endpoints.Select(endpoint => Of(endpoint, dice))))
            .With("ports", Ports(slice.Ports, dice)),
        dice);

    public static Doc Of(LegacyEndpoints endpoints, Dice? dice) => Vary(
        Doc.Map().With("kind", "Endpoints").With("apiVersion", "v1")
            .With("metadata", Of(
                endpoints.Metadata, dice,
                endpoints.IsTruncated ? [("endpoints.kubernetes.io/over-capacity", "truncated")] : Array.Empty<(string, string)>()))
            .With("subsets", Doc.List(endpoints.Subsets.Select(subset => Vary(
                Doc.Map().With("addresses", Addresses(subset.Addresses, dice))
                    .With("notReadyAddresses", Addresses(subset.NotReadyAddresses, dice))
                    .With("ports", Ports(subset.Ports, dice)),
                dice)))),
        dice);

    public static Doc Of(Pod pod, Dice? dice) => Vary(
        Doc.Map().With("kind", "Pod").With("apiVersion", "v1").With("metadata", Of(pod.Metadata, dice))
            .With("spec", Vary(Doc.Map().With("nodeName", pod.NodeName), dice))
            .With("status", Vary(
                Doc.Map().With("phase", pod.Phase).With("conditions", Ready(pod.Ready))
                    .With("podIPs", Doc.List(pod.IPs.Select(ip => Doc.Map().With("ip", ip)))),
                dice)),
        dice);

    public static Doc Of(Node node, Dice? dice) => Vary(
        Doc.Map().With("kind", "Node").With("apiVersion", "v1").With("metadata", Of(node.Metadata, dice))
            .With("spec", Vary(Doc.Map().With("unschedulable", node.Unschedulable), dice))
            .With("status", Vary(Doc.Map().With("conditions", Ready(node.Ready)), dice)),
        dice);

    public static Doc Of(Cache cache, Dice? dice)
    {
        var doc = Doc.Map().With("kind", "Cache").With("metadata", Of(cache.Metadata, dice));
        if (cache.Spec is { } spec)
        {
            var limits = Doc.Map();
            foreach (var (key, value) in spec.Limits ?? new Dictionary<string, long>())
            {
                limits.With(key, Doc.Of(value));
            }

            doc.With("spec", Doc.Map().With("replicas", Doc.Of(spec.Replicas)).With("mode", spec.Mode)
                .With("tags", Doc.List((spec.Tags ?? []).Select(Doc.Of))).With("limits", limits));
        }

        return doc;
    }

    /// <summary>Adds what a reader must ignore, and changes the order.</summary>
    public static Doc Vary(Doc map, Dice? dice)
    {
        if (dice is null || !dice.OneIn(4))
        {
            return map;
        }

        if (dice.OneIn(2))
        {
            map.With("x" + dice.Below(100), dice.Below(3) switch
            {
                0 => Doc.Map().With("metadata", Doc.List(Doc.Null(), Doc.Of("resourceVersion"))),
                1 => Doc.Raw("1e999"),
                _ => Doc.Of(Words.Any(dice)),
            });
        }

        for (var i = map.Items.Count - 1; i > 0; i--)
        {
            var j = dice.Below(i + 1);
            (map.Items[i], map.Items[j]) = (map.Items[j], map.Items[i]);
            (map.Keys[i], map.Keys[j]) = (map.Keys[j], map.Keys[i]);
        }

        return map;
    }

    private static Doc Of(Endpoint endpoint, Dice? dice)
    {
        var doc = Doc.Map().With("addresses", Texts(endpoint.Addresses));
        if ((endpoint.Ready ?? endpoint.Serving ?? endpoint.Terminating) is not null)
        {
            doc.With("conditions", Vary(
                Doc.Map().With("ready", endpoint.Ready).With("serving", endpoint.Serving).With("terminating", endpoint.Terminating), dice));
        }

        doc.With("hostname", endpoint.Hostname).With("nodeName", endpoint.NodeName).With("zone", endpoint.Zone);
        Target(doc, endpoint.TargetRef);
        if (!endpoint.ForZones.IsEmpty || !endpoint.ForNodes.IsEmpty)
        {
            doc.With("hints", Doc.Map().With("forZones", Names(endpoint.ForZones)).With("forNodes", Names(endpoint.ForNodes)));
        }

        return Vary(doc, dice);
    }

    private static Doc Ports(IEnumerable<EndpointPort> ports, Dice? dice) => Doc.List(ports.Select(port =>
    {
        var doc = Doc.Map().With("name", port.Name);
        Unless(port.Port is null, doc, "port", Doc.Of(port.Port ?? 0));
        return Vary(doc.With("protocol", port.Protocol).With("appProtocol", port.AppProtocol), dice);
    }));

    private static Doc Addresses(IEnumerable<EndpointAddress> addresses, Dice? dice) => Doc.List(addresses.Select(address =>
    {
        var doc = Doc.Map().With("ip", address.Ip).With("hostname", address.Hostname).With("nodeName", address.NodeName);
        Target(doc, address.TargetRef);
        return Vary(doc, dice);
    }));

    private static void Target(Doc doc, TargetReference? target)
    {
        if (target is not null)
        {
            doc.With("targetRef", Doc.Map().With("kind", target.Kind).With("namespace", target.Namespace).With("name", target.Name)
                .With("uid", target.Uid));
        }
    }

    private static Doc Ready(bool ready) => Doc.List(
        Doc.Map().With("type", "Other").With("status", "True"), Doc.Map().With("type", "Ready").With("status", ready ? "True" : "Unknown"));

    private static Doc Texts(IEnumerable<string> texts) => Doc.List(texts.Select(Doc.Of));

    private static Doc Names(IEnumerable<string> names) => Doc.List(names.Select(name => Doc.Map().With("name", name)));

    private static void Unless(bool isAbsent, Doc doc, string key, Doc value)
    {
        if (!isAbsent)
        {
            doc.With(key, value);
        }
    }

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
