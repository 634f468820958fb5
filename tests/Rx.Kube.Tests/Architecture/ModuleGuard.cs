using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Architecture;

/// <summary>
/// Finds which module of <c>src/Rx.Kube</c> uses which other one. The namespace is the same everywhere, so the compiler is asked for the
/// folder that declares each type, method, property and field that a file names.
/// </summary>
internal static class ModuleGuard
{
    /// <summary>The files at the root of the project: the operators' public face, which knows every module.</summary>
    public const string Face = "";

    private const string Source = "src/Rx.Kube";

    /// <summary>Compiles the sources, with further files if given.</summary>
    /// <param name="planted">Paths below <c>src/Rx.Kube</c>, and the text that stands there.</param>
    public static CSharpCompilation Compile(IEnumerable<(string Path, string Text)>? planted = null)
    {
        var root = Repository.PathOf(Source);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(root, path).Replace('\\', '/'), Full: path))
            .Where(file => ModuleOf(file.Path) is not ("bin" or "obj"))
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

    /// <summary>The module of a file: its first folder.</summary>
    public static string ModuleOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..end] : Face;

    /// <summary>Each use of one module's declarations in a file of another module.</summary>
    public static IEnumerable<ModuleUse> Uses(CSharpCompilation compilation) =>
        from tree in compilation.SyntaxTrees.AsParallel()
        where ModuleOf(tree.FilePath) != "obj"
        from use in UsesIn(tree, compilation.GetSemanticModel(tree))
        select use;

    /// <summary>The types that a module declares, by the module's name.</summary>
    public static ILookup<string, INamedTypeSymbol> TypesByModule(CSharpCompilation compilation) => (
        from tree in compilation.SyntaxTrees
        from declaration in tree.GetRoot().DescendantNodes(node => node is not TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>()
        let symbol = compilation.GetSemanticModel(tree).GetDeclaredSymbol(declaration)
        select (Module: ModuleOf(tree.FilePath), Symbol: symbol)).ToLookup(type => type.Module, type => type.Symbol);

    private static IEnumerable<ModuleUse> UsesIn(SyntaxTree tree, SemanticModel model)
    {
        var mine = ModuleOf(tree.FilePath);
        var names = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>();
        return names
            .SelectMany(name => Declarations(model.GetSymbolInfo(name)).Select(symbol => (name, symbol)))
            .Select(use => (use.name, use.symbol, modules: ModulesOf(use.symbol)))
            .Where(use => use.modules.Count > 0 && !use.modules.Contains(mine))
            .Select(use => new ModuleUse(
                mine, use.modules.Min()!, $"{Source}/{tree.FilePath}:{use.name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}",
                use.symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
    }

    // Locals, parameters and namespaces are declared in no module.
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

    private static HashSet<string> ModulesOf(ISymbol symbol) =>
        [.. symbol.DeclaringSyntaxReferences.Select(declaration => ModuleOf(declaration.SyntaxTree.FilePath))];

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

/// <summary>A file of one module names something that another module declares.</summary>
/// <param name="Module">The module of the file.</param>
/// <param name="Used">The module that declares it.</param>
/// <param name="Place">File and line.</param>
/// <param name="Symbol">What is named.</param>
internal sealed record ModuleUse(string Module, string Used, string Place, string Symbol)
{
    public override string ToString() => $"{Place}: {Module} uses {Used} ({Symbol})";
}
