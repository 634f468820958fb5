using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Selectors;

/// <summary>The objects of a list or watch: one namespace or all, filtered by labels and fields.</summary>
internal sealed record Selection(ResourceType Type, string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Whether there is a filter; the server then does not count the remaining objects.</summary>
    internal bool Filters => !Labels.IsEmpty || !Fields.IsEmpty;

    internal bool Matches(StoredObject? o) =>
        o is not null && (Namespace is null || o.Namespace == Namespace) && Labels.Matches(o.Labels) && Fields.Matches(o);
}
