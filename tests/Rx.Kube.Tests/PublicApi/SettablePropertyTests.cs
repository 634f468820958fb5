using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rx.Kube.Tests.PublicApi;

/// <summary>A property that can be set belongs to a type that a caller can create or copy.</summary>
public sealed class SettablePropertyTests
{
    [Fact]
    public void No_property_can_be_set_that_no_caller_can_reach() => Assert.Equal(
        [],
        new[] { typeof(KubeConnection), typeof(EquatableArray), typeof(Testing.VirtualClock), typeof(Simulator.ApiServerSimulator) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type is { IsInterface: false, IsValueType: false } && !IsCreatedOrCopied(type))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true } set &&
                set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}"));

    // Records are copied by `with`.
    private static bool IsCreatedOrCopied(Type type) =>
        type.GetConstructors().Length > 0 || type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;
}
