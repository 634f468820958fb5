using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies the XML documentation of an assembly without the members that no user of the assembly can see: the compiler writes those too.
/// MSBuild compiles this file when it packs. It knows only .NET Standard 2.0, so it creates the MetadataLoadContext by its name.
/// </summary>
public sealed class PublicDocumentation : Task
{
    [Required]
    public string AssemblyFile { get; set; }

    [Required]
    public ITaskItem[] References { get; set; }

    [Required]
    public string DocumentationFile { get; set; }

    [Required]
    public string OutputFile { get; set; }

    public override bool Execute()
    {
        var document = XDocument.Load(DocumentationFile, LoadOptions.PreserveWhitespace);
        var isVisible = Members();
        var members = document.Root.Element("members").Elements("member").ToList();
        foreach (var member in members)
        {
            var id = (string)member.Attribute("name");
            if (!isVisible.TryGetValue(id, out var visible))
            {
                // Otherwise a mistake in this file could remove, or keep, the wrong members.
                Log.LogError("{0} documents {1}, but {2} has no such member", DocumentationFile, id, AssemblyFile);
            }
            else if (!visible)
            {
                (member.PreviousNode as XText)?.Remove();
                member.Remove();
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(OutputFile));
        document.Save(OutputFile, SaveOptions.DisableFormatting);
        return !Log.HasLoggedErrors;
    }

    private Dictionary<string, bool> Members()
    {
        var files = References.Select(reference => reference.ItemSpec).Concat(new[] { AssemblyFile });
        var resolver = Activator.CreateInstance(MetadataType("PathAssemblyResolver"), files);
        using (var context = (IDisposable)Activator.CreateInstance(MetadataType("MetadataLoadContext"), resolver, null))
        {
            var load = context.GetType().GetMethod("LoadFromAssemblyPath");
            var assembly = (Assembly)load.Invoke(context, new object[] { AssemblyFile });
            var members = new Dictionary<string, bool>();
            foreach (var type in assembly.GetTypes())
            {
                var isVisible = IsVisible(type);
                members["T:" + Name(type)] = isVisible;
                const BindingFlags All =
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
                foreach (var member in type.GetMembers(All).Where(member => !(member is Type)))
                {
                    members[Id(member)] = isVisible && IsVisible(member);
                }
            }

            return members;
        }
    }

    private static Type MetadataType(string name) =>
        Type.GetType("System.Reflection." + name + ", System.Reflection.MetadataLoadContext", throwOnError: true);

    private static bool IsVisible(Type type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType));

    private static bool IsVisible(MemberInfo member)
    {
        switch (member)
        {
            case FieldInfo field:
                return field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;
            case MethodBase method:
                return method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
            case PropertyInfo property:
                return property.GetAccessors(nonPublic: true).Any(IsVisible);
            case EventInfo change:
                return IsVisible(change.AddMethod);
            default:
                throw new NotSupportedException(member.MemberType.ToString());
        }
    }

    // The C# standard, annex D.4.2, "ID string format".
    private static string Id(MemberInfo member)
    {
        var name = Name(member.DeclaringType) + "." + member.Name.Replace('.', '#').Replace('<', '{').Replace('>', '}').Replace(',', '@');
        switch (member)
        {
            case FieldInfo _:
                return "F:" + name;
            case EventInfo _:
                return "E:" + name;
            case PropertyInfo property:
                return "P:" + name + Parameters(property.GetIndexParameters());
            case MethodInfo method:
                return "M:" + name + (method.IsGenericMethod ? "``" + method.GetGenericArguments().Length : "")
                    + Parameters(method.GetParameters())
                    + (method.Name == "op_Implicit" || method.Name == "op_Explicit" ? "~" + Signature(method.ReturnType) : "");
            case ConstructorInfo constructor:
                return "M:" + name + Parameters(constructor.GetParameters());
            default:
                throw new NotSupportedException(member.MemberType.ToString());
        }
    }

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : "(" + string.Join(",", parameters.Select(parameter => Signature(parameter.ParameterType))) + ")";

    private static string Name(Type type) =>
        type.IsNested
            ? Name(type.DeclaringType) + "." + type.Name
            : (type.Namespace == null ? "" : type.Namespace + ".") + SourceName(type);

    // A type that is local to a file is named <File>F0123…__Name in metadata.
    private static string SourceName(Type type) =>
        type.Name[0] == '<' && type.Name.Contains(">F") ? type.Name.Substring(type.Name.IndexOf("__") + 2) : type.Name;

    private static string Signature(Type type)
    {
        if (type.IsByRef || type.IsPointer)
        {
            return Signature(type.GetElementType()) + (type.IsByRef ? "@" : "*");
        }

        if (type.IsArray)
        {
            var rank = type.GetArrayRank();
            var bounds = rank == 1 ? "" : string.Join(",", Enumerable.Repeat("0:", rank));
            return Signature(type.GetElementType()) + "[" + bounds + "]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod == null ? "`" : "``") + type.GenericParameterPosition;
        }

        // Outer{A}.Inner{B}: reflection gives the arguments of both to the inner type.
        var arguments = type.GetGenericArguments();
        var text = new StringBuilder();
        var used = 0;
        foreach (var level in Levels(type))
        {
            var tick = level.Name.IndexOf('`');
            text.Append(text.Length > 0 ? "." : level.Namespace == null ? "" : level.Namespace + ".");
            text.Append(tick < 0 ? level.Name : level.Name.Substring(0, tick));
            var count = tick < 0 ? 0 : int.Parse(level.Name.Substring(tick + 1));
            text.Append(count == 0 ? "" : "{" + string.Join(",", arguments.Skip(used).Take(count).Select(Signature)) + "}");
            used += count;
        }

        return text.ToString();
    }

    private static IEnumerable<Type> Levels(Type type) =>
        type.IsNested ? Levels(type.DeclaringType).Concat(new[] { type }) : new[] { type };
}
