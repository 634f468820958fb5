namespace Rx.Kube.Tests.Contracts;

/// <summary>Names the public method that a <see cref="StreamContract{T}"/> checks, with all its overloads.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ContractOfAttribute(Type type, string method) : Attribute
{
    public Type Type { get; } = type;

    public string Method { get; } = method;
}
