using Microsoft.CodeAnalysis;

namespace Rx.Kube.Tests.Architecture;

/// <summary>Each room of <c>src/Rx.Kube</c> knows only the rooms that docs/architecture.md says it knows.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> Knows = ArchitecturePage.Knows();

    [Fact]
    public void A_room_uses_only_the_rooms_it_is_said_to_know()
    {
        var strangers = Strangers(RoomGuard.Uses(RoomGuard.Compile())).ToList();
        Assert.True(strangers.Count == 0, $"docs/architecture.md does not allow this:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void A_use_that_is_planted_on_any_forbidden_edge_is_found()
    {
        var types = RoomGuard.TypesByRoom(RoomGuard.Compile());
        var forbidden = (
            from room in Knows.Keys
            from used in Knows.Keys.Append(RoomGuard.Face)
            where used != room && !Knows[room].Contains(used) && types.Contains(used)
            select (room, used)).ToList();
        var planted = forbidden.Select(edge => (
            Path: $"{edge.room}/Planted{edge.used}.cs",
            Text: $"namespace Rx.Kube; internal static class PlantedIn{edge.room}Of{edge.used} " +
                $"{{ public static string Name => {NameOf(types[edge.used])}; }}"));

        var found = RoomGuard.Uses(RoomGuard.Compile(planted))
            .Where(use => use.Place.Contains("/Planted", StringComparison.Ordinal))
            .Select(use => (use.Room, use.Used))
            .ToHashSet();

        Assert.True(forbidden.Count > Knows.Count);
        Assert.Equal(forbidden.Order(), found.Order());
    }

    private static IEnumerable<string> Strangers(IEnumerable<RoomUse> uses) => uses
        .Where(use => use.Room != RoomGuard.Face && (use.Used == RoomGuard.Face || !Knows[use.Room].Contains(use.Used)))
        .Select(use => use.ToString())
        .Order(StringComparer.Ordinal);

    // Any type that one room alone declares will do.
    private static string NameOf(IEnumerable<INamedTypeSymbol> types)
    {
        var type = types.First(t =>
            t.DeclaringSyntaxReferences.Select(d => RoomGuard.RoomOf(d.SyntaxTree.FilePath)).Distinct().Count() == 1);
        var arguments = type.Arity == 0 ? "" : $"<{new string(',', type.Arity - 1)}>";
        return $"typeof({type.ContainingNamespace.ToDisplayString()}.{type.Name}{arguments}).Name";
    }
}
