using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Selectors;

/// <summary>What a list or watch is about: one namespace or all, filtered by labels and fields.</summary>
internal sealed record Selection(ResourceType Type, string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Whether the server filters: it then no longer counts what remains.</summary>
    internal bool Filters => !Labels.IsEmpty || !Fields.IsEmpty;

    internal bool Matches(StoredObject? o) =>
        o is not null && (Namespace is null || o.Namespace == Namespace) && Labels.Matches(o.Labels) && Fields.Matches(o);
}
