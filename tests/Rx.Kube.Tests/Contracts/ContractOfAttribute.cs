namespace Rx.Kube.Tests.Contracts;

/// <summary>Names the public method, in all its overloads, for which the laws of a <see cref="StreamContract{T}"/> are checked.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ContractOfAttribute(Type type, string method) : Attribute
{
    public Type Type { get; } = type;

    public string Method { get; } = method;
}
