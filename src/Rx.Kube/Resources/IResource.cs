using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>A model of a Kubernetes object.</summary>
public interface IResource
{
    /// <summary>Gets the object's metadata.</summary>
    ObjectMeta Metadata { get; }
}
