using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rx.Kube.Tests.PublicApi;

/// <summary>The public surface of an assembly as sorted text: a line per type, then an indented line per member.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(t => !Generated(t)).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(TypeLine(type)).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string TypeLine(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => isRecord ? "abstract record" : "abstract class",
            { IsSealed: true } => isRecord ? "sealed record" : "sealed class",
            _ => isRecord ? "record" : "class",
        };
        var bases = new List<string>();
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object) && kind != "delegate")
        {
            bases.Add(ApiNames.Of(parent));
        }

        if (!type.IsEnum && kind != "delegate")
        {
            bases.AddRange(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => i.IsVisible)
                .Where(i => !isRecord || i != typeof(IEquatable<>).MakeGenericType(type))
                .Select(i => ApiNames.Of(i)).Order(StringComparer.Ordinal));
        }

        return $"{kind} {type.Namespace}.{ApiNames.Of(type)}{(bases.Count == 0 ? "" : " : " + string.Join(", ", bases))}{ApiNames.Constraints(type)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [Method(type.GetMethod("Invoke")!)];
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        }

        return type.GetConstructors(Declared).Where(c => !c.IsStatic && Visible(c) && !Generated(c)).Select(c => $"{Access(c)}new({ApiNames.Parameters(c)})")
            .Concat(type.GetProperties(Declared).Where(p => p.Name != "EqualityContract" && p.GetAccessors(true).Any(Visible)).Select(Property))
            .Concat(type.GetFields(Declared).Where(f => (f.IsPublic || f.IsFamily) && !Generated(f)).Select(Field))
            .Concat(type.GetEvents(Declared).Where(e => Visible(e.AddMethod!)).Select(e => $"event {ApiNames.Of(e.EventHandlerType!)} {e.Name}"))
            .Concat(type.GetMethods(Declared).Where(m => Visible(m) && !Generated(m) && (!m.IsSpecialName || Operator(m))).Select(Method));
    }

    private static string Method(MethodInfo method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Modifiers(method)}{ApiNames.Return(method)} {method.Name}{ApiNames.Arguments(method)}" +
            $"({extension}{ApiNames.Parameters(method)}){ApiNames.Constraints(method)}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && Visible(get))
        {
            accessors.Add($"{Access(get)}get;");
        }

        if (property.SetMethod is { } set && Visible(set))
        {
            var init = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors.Add($"{Access(set)}{(init ? "init" : "set")};");
        }

        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } i ? $"[{ApiNames.Parameters(i)}]" : "";
        var first = property.GetAccessors(true).First(Visible);
        var name = index.Length > 0 ? "this" : property.Name;
        return $"{required}{Modifiers(first, access: false)}{ApiNames.Of(property)} {name}{index} {{ {string.Join(" ", accessors)} }}";
    }

    private static string Field(FieldInfo field)
    {
        var value = field.IsLiteral ? $" = {ApiNames.Literal(field.GetRawConstantValue())}" : "";
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{(field.IsPublic ? "" : "protected ")}{kind}{ApiNames.Of(field)} {field.Name}{value}";
    }

    private static string Modifiers(MethodInfo method, bool access = true) =>
        (access ? Access(method) : "") + method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { Name: "Invoke", DeclaringType.BaseType: var parent } when parent == typeof(MulticastDelegate) => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true } when method.GetBaseDefinition() != method => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    // A protected member of a sealed type is out of everybody's reach.
    private static bool Visible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool Operator(MethodInfo method) =>
        method.Name.StartsWith("op_", StringComparison.Ordinal) && method.Name is not ("op_Equality" or "op_Inequality");

    private static bool Generated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name.Contains('<', StringComparison.Ordinal);
}
