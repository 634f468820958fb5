namespace Rx.Kube.Tests.Contracts;

/// <summary>Which public method the laws of a <see cref="StreamContract{T}"/> are checked for, in all its overloads.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ContractOfAttribute(Type type, string method) : Attribute
{
    public Type Type { get; } = type;

    public string Method { get; } = method;
}
