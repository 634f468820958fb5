using System.Globalization;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Models;

/// <summary>
/// The documents of objects with the numbers of protobuf's fields, for <see cref="DocProtobuf"/>. Source: generated.proto of k8s.io/api and
/// k8s.io/apimachinery.
/// </summary>
internal static class ProtobufDocs
{
    public static Doc Of(EndpointSlice slice, Dice? dice) => Docs.Vary(
        Doc.Map().With("1", Of(slice.Metadata, dice)).With("2", Doc.List(slice.Endpoints.Select(e => Of(e, dice))))
            .With("3", Doc.List(slice.Ports.Select(p => Of(p, "3", "2", dice)))).With("4", slice.AddressType),
        dice);

    public static Doc Of(LegacyEndpoints endpoints, Dice? dice) => Docs.Vary(
        Doc.Map()
            .With("1", Of(endpoints.Metadata, dice, endpoints.IsTruncated ? "truncated" : null))
            .With("2", Doc.List(endpoints.Subsets.Select(subset => Docs.Vary(
                Doc.Map().With("1", Addresses(subset.Addresses, dice)).With("2", Addresses(subset.NotReadyAddresses, dice))
                    .With("3", Doc.List(subset.Ports.Select(p => Of(p, "2", "3", dice)))),
                dice)))),
        dice);

    public static Doc Of(Pod pod, Dice? dice) => Docs.Vary(
        Doc.Map().With("1", Of(pod.Metadata, dice))
            .With("2", Docs.Vary(Doc.Map().With("10", pod.NodeName), dice))
            .With("3", Docs.Vary(
                Doc.Map().With("1", pod.Phase).With("2", Ready(pod.Ready))
                    .With("12", Doc.List(pod.IPs.Select(ip => Doc.Map().With("1", ip)))),
                dice)),
        dice);

    public static Doc Of(Node node, Dice? dice) => Docs.Vary(
        Doc.Map().With("1", Of(node.Metadata, dice))
            .With("2", Docs.Vary(Doc.Map().With("4", node.Unschedulable), dice))
            .With("3", Docs.Vary(Doc.Map().With("4", Ready(node.Ready)), dice)),
        dice);

    /// <summary>Puts the envelope around an object.</summary>
    public static Doc Envelope(string kind, Doc item) => Doc.Map().With(DocProtobuf.Magic, "")
        .With("1", Doc.Map().With("1", "v1").With("2", kind)).With("2", item).With("3", "").With("4", "");

    private static Doc Of(ObjectMeta metadata, Dice? dice, string? overCapacity = null)
    {
        var doc = Doc.Map().With("1", metadata.Name).With("3", metadata.Namespace).With("5", metadata.Uid)
            .With("6", metadata.ResourceVersion);
        if (metadata.DeletionTimestamp is { } deletion)
        {
            doc.With("9", Doc.Map().With("1", Doc.Of(deletion.ToUnixTimeSeconds())));
        }

        doc.With("11", Doc.List(
            metadata.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => Entry(label.Key, label.Value))));
        var notes = Doc.List();
        if (overCapacity is not null)
        {
            notes.Items.Add(Entry("endpoints.kubernetes.io/over-capacity", overCapacity));
        }

        if (metadata.LastChangeTriggerTime is { } time)
        {
            notes.Items.Add(Entry(
                "endpoints.kubernetes.io/last-change-trigger-time",
                time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)));
        }

        doc.With("12", notes);
        if (metadata.Controller is { } owner)
        {
            doc.With("13", Doc.List(Doc.Map().With("1", owner.Kind).With("3", owner.Name).With("4", owner.Uid).With("6", true)));
        }

        return Docs.Vary(doc, dice);
    }

    private static Doc Of(Endpoint endpoint, Dice? dice)
    {
        var doc = Doc.Map().With("1", Doc.List(endpoint.Addresses.Select(Doc.Of)))
            .With("2", Docs.Vary(
                Doc.Map().With("1", endpoint.Ready).With("2", endpoint.Serving).With("3", endpoint.Terminating), dice))
            .With("3", endpoint.Hostname);
        Target(doc, "4", endpoint.TargetRef);
        doc.With("6", endpoint.NodeName).With("7", endpoint.Zone);
        if (!endpoint.ForZones.IsEmpty || !endpoint.ForNodes.IsEmpty)
        {
            doc.With("8", Doc.Map().With("1", Names(endpoint.ForZones)).With("2", Names(endpoint.ForNodes)));
        }

        return Docs.Vary(doc, dice);
    }

    private static Doc Of(EndpointPort port, string number, string protocol, Dice? dice)
    {
        var doc = Doc.Map().With("1", port.Name);
        if (port.Port is { } value)
        {
            doc.With(number, Doc.Of(value));
        }

        return Docs.Vary(doc.With(protocol, port.Protocol).With("4", port.AppProtocol), dice);
    }

    private static Doc Addresses(IEnumerable<EndpointAddress> addresses, Dice? dice) => Doc.List(addresses.Select(address =>
    {
        var doc = Doc.Map().With("1", address.Ip);
        Target(doc, "2", address.TargetRef);
        return Docs.Vary(doc.With("3", address.Hostname).With("4", address.NodeName), dice);
    }));

    private static void Target(Doc doc, string field, TargetReference? target)
    {
        if (target is not null)
        {
            doc.With(field, Doc.Map().With("1", target.Kind).With("2", target.Namespace).With("3", target.Name).With("4", target.Uid));
        }
    }

    private static Doc Ready(bool ready) => Doc.List(
        Doc.Map().With("1", "Other").With("2", "True"), Doc.Map().With("1", "Ready").With("2", ready ? "True" : "Unknown"));

    private static Doc Names(IEnumerable<string> names) => Doc.List(names.Select(name => Doc.Map().With("1", name)));

    private static Doc Entry(string key, string value) => Doc.Map().With("1", key).With("2", value);
}
