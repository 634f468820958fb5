using System.Globalization;
using System.Reflection;

namespace Rx.Kube.Tests.PublicApi;

/// <summary>Types, parameters and constants as C# writes them, without namespaces and with nullability.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ushort)] = "ushort",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(PropertyInfo property) => Of(property.PropertyType, Nullability.Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, Nullability.Create(field));

    public static string Return(MethodInfo method) => Of(method.ReturnType, Nullability.Create(method.ReturnParameter));

    public static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    public static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    public static string Arguments(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    public static string Constraints(MethodInfo method) =>
        method.IsGenericMethodDefinition ? string.Concat(method.GetGenericArguments().Select(Constraint)) : "";

    public static string Constraints(Type type) =>
        type.IsGenericTypeDefinition ? string.Concat(type.GetGenericArguments().Select(Constraint)) : "";

    public static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum => $"{Of(value.GetType())}.{value}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public static string Of(Type type, NullabilityInfo? info = null)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, info?.ElementType);
        }

        if (System.Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        // Of an unconstrained T, metadata does not tell T from T?.
        var question = !type.IsValueType && !type.IsGenericParameter && info?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, info?.ElementType)}[]{question}";
        }

        return (Keywords.TryGetValue(type, out var keyword) ? keyword : Named(type, info)) + question;
    }

    private static string Named(Type type, NullabilityInfo? info)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        // The arguments of an outer type come first, and belong to its name.
        var arguments = type.GetGenericArguments();
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var name = type.Name.Split('`')[0];
        if (arguments.Length > outer)
        {
            name += $"<{string.Join(", ", arguments.Skip(outer).Select((a, i) => Of(a, Argument(info, outer + i))))}>";
        }

        if (type.DeclaringType is not { } declaring)
        {
            return name;
        }

        var closed = outer > 0 && !type.IsGenericTypeDefinition ? declaring.MakeGenericType(arguments[..outer]) : declaring;
        return $"{Of(closed)}.{name}";
    }

    private static NullabilityInfo? Argument(NullabilityInfo? info, int index) =>
        info is not null && index < info.GenericTypeArguments.Length ? info.GenericTypeArguments[index] : null;

    private static string Parameter(ParameterInfo parameter)
    {
        var way = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        return $"{way}{Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return "";
        }

        var value = parameter.DefaultValue;
        return value is null && parameter.ParameterType.IsValueType && System.Nullable.GetUnderlyingType(parameter.ParameterType) is null
            ? " = default"
            : $" = {Literal(value is int number && parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, number) : value)}";
    }

    private static string Constraint(Type argument)
    {
        var parts = new List<string>();
        var flags = argument.GenericParameterAttributes;
        if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Add("struct");
        }
        else if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add("class");
        }

        parts.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => Of(c)));
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }
}
