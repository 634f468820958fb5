using Microsoft.CodeAnalysis;

namespace Rx.Kube.Tests.Architecture;

/// <summary>Each module of <c>src/Rx.Kube</c> knows only the modules that docs/architecture.md says it knows.</summary>
public sealed class ModuleTests
{
    private static readonly Dictionary<string, string[]> Knows = ArchitecturePage.Knows();

    [Fact]
    public void A_module_uses_only_the_modules_it_is_said_to_know()
    {
        var strangers = Strangers(ModuleGuard.Uses(ModuleGuard.Compile())).ToList();
        Assert.True(strangers.Count == 0, $"docs/architecture.md does not allow this:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void A_use_that_is_planted_on_any_forbidden_edge_is_found()
    {
        var types = ModuleGuard.TypesByModule(ModuleGuard.Compile());
        var forbidden = (
            from module in Knows.Keys
            from used in Knows.Keys.Append(ModuleGuard.Face)
            where used != module && !Knows[module].Contains(used) && types.Contains(used)
            select (module, used)).ToList();
        var planted = forbidden.Select(edge => (
            Path: $"{edge.module}/Planted{edge.used}.cs",
            Text: $"namespace Rx.Kube; internal static class PlantedIn{edge.module}Of{edge.used} " +
                $"{{ public static string Name => {NameOf(types[edge.used])}; }}"));

        var found = ModuleGuard.Uses(ModuleGuard.Compile(planted))
            .Where(use => use.Place.Contains("/Planted", StringComparison.Ordinal))
            .Select(use => (use.Module, use.Used))
            .ToHashSet();

        Assert.True(forbidden.Count > Knows.Count);
        Assert.Equal(forbidden.Order(), found.Order());
    }

    private static IEnumerable<string> Strangers(IEnumerable<ModuleUse> uses) => uses
        .Where(use => use.Module != ModuleGuard.Face && (use.Used == ModuleGuard.Face || !Knows[use.Module].Contains(use.Used)))
        .Select(use => use.ToString())
        .Order(StringComparer.Ordinal);

    // Any type that one module alone declares will do.
    private static string NameOf(IEnumerable<INamedTypeSymbol> types)
    {
        var type = types.First(t =>
            t.DeclaringSyntaxReferences.Select(d => ModuleGuard.ModuleOf(d.SyntaxTree.FilePath)).Distinct().Count() == 1);
        var arguments = type.Arity == 0 ? "" : $"<{new string(',', type.Arity - 1)}>";
        return $"typeof({type.ContainingNamespace.ToDisplayString()}.{type.Name}{arguments}).Name";
    }
}
