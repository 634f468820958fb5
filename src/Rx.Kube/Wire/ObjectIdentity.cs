namespace Rx.Kube;

/// <summary>The metadata that identifies an object of any kind. Each part is empty where it is absent.</summary>
internal readonly record struct ObjectIdentity(string Namespace, string Name, string ResourceVersion)
{
    /// <summary>Gets the identity of which every part is empty.</summary>
    public static ObjectIdentity Unknown { get; } = new("", "", "");
}
