using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Architecture;

/// <summary>
/// Finds which room of <c>src/Rx.Kube</c> uses which other one. The namespace is the same everywhere, so the compiler is asked for the
/// folder that declares each type, method, property and field that a file names.
/// </summary>
internal static class RoomGuard
{
    /// <summary>The files at the root of the project: the operators' public face, which knows every room.</summary>
    public const string Face = "";

    private const string Source = "src/Rx.Kube";

    /// <summary>Compiles the sources, with further files if given.</summary>
    /// <param name="planted">Paths below <c>src/Rx.Kube</c>, and the text that stands there.</param>
    public static CSharpCompilation Compile(IEnumerable<(string Path, string Text)>? planted = null)
    {
        var root = Repository.PathOf(Source);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(root, path).Replace('\\', '/'), Full: path))
            .Where(file => RoomOf(file.Path) is not ("bin" or "obj"))
            .Select(file => (file.Path, Text: File.ReadAllText(file.Full)))
            .Concat(planted ?? [])
            .Append((Path: "obj/ImplicitUsings.cs", Text: ImplicitUsings));
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != "Rx.Kube")
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Rx.Kube",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>The room of a file: its first folder.</summary>
    public static string RoomOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..end] : Face;

    /// <summary>Each use of one room's declarations in a file of another room.</summary>
    public static IEnumerable<RoomUse> Uses(CSharpCompilation compilation) =>
        from tree in compilation.SyntaxTrees.AsParallel()
        where RoomOf(tree.FilePath) != "obj"
        from use in UsesIn(tree, compilation.GetSemanticModel(tree))
        select use;

    /// <summary>The types that a room declares, by the room's name.</summary>
    public static ILookup<string, INamedTypeSymbol> TypesByRoom(CSharpCompilation compilation) => (
        from tree in compilation.SyntaxTrees
        from declaration in tree.GetRoot().DescendantNodes(node => node is not TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>()
        let symbol = compilation.GetSemanticModel(tree).GetDeclaredSymbol(declaration)
        select (Room: RoomOf(tree.FilePath), Symbol: symbol)).ToLookup(type => type.Room, type => type.Symbol);

    private static IEnumerable<RoomUse> UsesIn(SyntaxTree tree, SemanticModel model)
    {
        var mine = RoomOf(tree.FilePath);
        var names = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>();
        return names
            .SelectMany(name => Declarations(model.GetSymbolInfo(name)).Select(symbol => (name, symbol)))
            .Select(use => (use.name, use.symbol, rooms: RoomsOf(use.symbol)))
            .Where(use => use.rooms.Count > 0 && !use.rooms.Contains(mine))
            .Select(use => new RoomUse(
                mine, use.rooms.Min()!, $"{Source}/{tree.FilePath}:{use.name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}",
                use.symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    // Locals, parameters and namespaces are declared in no room.
    private static IEnumerable<ISymbol> Declarations(SymbolInfo info)
    {
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        if (symbol is IMethodSymbol { ReducedFrom: { } reduced })
        {
            symbol = reduced;
        }

        return symbol is INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol
            ? [symbol.OriginalDefinition]
            : [];
    }

    private static HashSet<string> RoomsOf(ISymbol symbol) =>
        [.. symbol.DeclaringSyntaxReferences.Select(declaration => RoomOf(declaration.SyntaxTree.FilePath))];

    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}

/// <summary>A file of one room names something that another room declares.</summary>
/// <param name="Room">The room of the file.</param>
/// <param name="Used">The room that declares it.</param>
/// <param name="Place">File and line.</param>
/// <param name="Symbol">What is named.</param>
internal sealed record RoomUse(string Room, string Used, string Place, string Symbol)
{
    public override string ToString() => $"{Place}: {Room} uses {Used} ({Symbol})";
}
