#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property NoWarn=$(NoWarn);CS1591
#:package Microsoft.CodeAnalysis.CSharp
// Checks what `dotnet pack` wrote: every package is there, asks for exactly the dependencies that it uses, says what it is, can be
// debugged, documents what its users see and nothing else, and names no path of the machine that built it.
// Usage: dotnet run .ci/check-packages.cs -- FOLDER [URL-OF-THE-REPOSITORY]
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

var expected = new Dictionary<string, string[]>
{
    ["Rx.Kube"] = ["Rx.Kube.Hashing", "System.Reactive 6.0.1", "YamlDotNet 18.1.0"],
    ["Rx.Kube.AspNetCore"] = ["Rx.Kube.Hosting"],
    ["Rx.Kube.Grpc"] = ["Grpc.Net.ClientFactory 2.85.0", "Rx.Kube.Hosting"],
    ["Rx.Kube.Hashing"] = [],
    ["Rx.Kube.Hosting"] =
        ["Microsoft.Extensions.Diagnostics.HealthChecks 10.0.15", "Microsoft.Extensions.Hosting.Abstractions 10.0.15", "Rx.Kube"],
    ["Rx.Kube.KubernetesClient"] = ["KubernetesClient 21.0.8", "Rx.Kube"],
    ["Rx.Kube.ServiceDiscovery"] = ["Microsoft.Extensions.ServiceDiscovery 10.11.0", "Rx.Kube.Hosting"],
    ["Rx.Kube.Simulator"] = [],
    ["Rx.Kube.Testing"] = ["Rx.Kube"],
    ["Rx.Kube.Yarp"] = ["Rx.Kube.Hosting", "Yarp.ReverseProxy 2.3.0"],
    ["rxkube"] = [],
};
var repository = args.ElementAtOrDefault(1) ?? "";
var packages = Directory.GetFiles(args[0], "*.nupkg").Select(Package.Read).OrderBy(package => package.Id, StringComparer.Ordinal).ToList();
var ids = packages.Select(package => package.Id).ToList();
var table = Regex.Match(File.ReadAllText("README.md"), @"\| package \| contents \|\n.*\n(?<rows>(\|.*\n)+)").Groups["rows"].Value;
var named = Regex.Matches(table, @"^\| `(?<id>[^`]+)`", RegexOptions.Multiline).Select(row => row.Groups["id"].Value).ToList();

List<string> faults =
[
    .. expected.Keys.Except(ids).Select(id => $"{id} is missing: add it to .ci/packages.slnf"),
    .. ids.Except(expected.Keys).Select(id => $"{id} is not expected: add it and its dependencies to .ci/check-packages.cs"),
    .. ids.Except(named).Select(id => $"{id} is not in the table of packages in README.md"),
    .. named.Except(ids).Select(id => $"{id} is in the table of packages in README.md, but is not packed"),
    .. packages.GroupBy(package => package.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key} is there several times"),
];
if (Directory.GetFiles("src", "*.csproj", SearchOption.AllDirectories).Length != packages.Count)
{
    faults.Add("src has a project that is not packed: add it to .ci/packages.slnf");
}

var documentation = new Documentation(packages);
foreach (var package in packages)
{
    if (expected.TryGetValue(package.Id, out var dependencies) && !package.Dependencies.SequenceEqual(dependencies))
    {
        faults.Add($"{package.Id} depends on [{string.Join(", ", package.Dependencies)}], not on [{string.Join(", ", dependencies)}]");
    }

    faults.AddRange(package.Faults(repository).Concat(documentation.Faults(package)).Select(fault => $"{package.Id}: {fault}"));
}

faults.ForEach(Console.Error.WriteLine);
Console.WriteLine(faults.Count == 0
    ? $"{packages.Count} packages: dependencies, README, icon, symbols, SBOM, documentation and paths are in order"
    : "To fix: see packaging/Packaging.targets, the project files, or the lists in .ci/check-packages.cs");
return faults.Count == 0 ? 0 : 1;

internal sealed record Package(
    string Id, string Version, XElement Metadata, Dictionary<string, byte[]> Files, Dictionary<string, byte[]> Symbols)
{
    private static readonly string[] _machinePaths =
    [
        "/work/", "/home/", "/root/", "/Users/", @"C:\", Environment.CurrentDirectory,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    ];

    public static Package Read(string file)
    {
        var files = Entries(file);
        var nuspec = files.Single(entry => entry.Key.EndsWith(".nuspec", StringComparison.Ordinal)).Value;
        var metadata = XDocument.Load(new MemoryStream(nuspec)).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var symbols = Path.ChangeExtension(file, ".snupkg");
        return new(Text(metadata, "id"), Text(metadata, "version"), metadata, files, File.Exists(symbols) ? Entries(symbols) : []);
    }

    public string[] Dependencies =>
    [
        .. DependencyElements
            .Select(dependency => (Id: dependency.Attribute("id")!.Value, Version: dependency.Attribute("version")!.Value))
            .Select(dependency => IsOurs(dependency.Id) ? dependency.Id : $"{dependency.Id} {dependency.Version}")
            .Order(StringComparer.Ordinal)
    ];

    public IEnumerable<(string Path, byte[] Bytes)> Assemblies =>
        Files.Where(file => file.Key.EndsWith(".dll", StringComparison.Ordinal) && IsOurs(Path.GetFileName(file.Key)))
            .Select(file => (file.Key, file.Value));

    private IEnumerable<XElement> DependencyElements => Metadata.Descendants().Where(element => element.Name.LocalName == "dependency");

    public IEnumerable<string> Faults(string repository) =>
        MetadataFaults(repository)
            .Concat(SbomFaults())
            .Concat(Assemblies.SelectMany(assembly => AssemblyFaults(assembly.Path, assembly.Bytes, repository)));

    private IEnumerable<string> MetadataFaults(string repository)
    {
        foreach (var name in (string[])["description", "tags", "license", "readme", "icon", "releaseNotes", "authors", "copyright"])
        {
            if (Text(Metadata, name) is "" or "Package Description")
            {
                yield return $"has no {name}";
            }
        }

        if (Text(Metadata, "license") != "MIT")
        {
            yield return "is not under the MIT license";
        }

        // Three tags are those of all packages.
        if (Text(Metadata, "tags").Split(' ').Length < 5)
        {
            yield return "has no tags of its own: set PackageTags in the project";
        }

        if (!Files.TryGetValue("icon.png", out var icon) || icon.Length > 20_000 || icon[1] != 'P')
        {
            yield return "has no icon.png of at most 20 kB";
        }

        var readme = Files.TryGetValue("README.md", out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
        if (!Regex.IsMatch(readme, $"^dotnet (add package|tool install --global) {Id}$", RegexOptions.Multiline))
        {
            yield return "has no README.md with the line that installs it: write PACKAGE.md in the project's folder";
        }

        if (readme.Contains("](..", StringComparison.Ordinal) || (repository == "" && readme.Contains("](", StringComparison.Ordinal)))
        {
            yield return "its README.md has a link that leads nowhere";
        }

        var urls = new[] { Text(Metadata, "projectUrl"), Element(Metadata, "repository")?.Attribute("url")?.Value ?? "" };
        if (urls.Any(url => url != repository))
        {
            yield return $"its URLs are '{string.Join("' and '", urls)}', not '{repository}'";
        }
    }

    private IEnumerable<string> SbomFaults()
    {
        if (!Files.TryGetValue($"sbom/{Id}.cdx.json", out var sbom))
        {
            return ["has no SBOM: run `dotnet tool restore`, and pack with CI=true"];
        }

        var root = JsonDocument.Parse(sbom).RootElement;
        var subject = root.GetProperty("metadata").GetProperty("component").GetProperty("purl").GetString();
        var components = root.TryGetProperty("components", out var list)
            ? list.EnumerateArray().Select(component => component.GetProperty("purl").GetString())
            : [];
        return DependencyElements
            .Select(dependency => $"pkg:nuget/{dependency.Attribute("id")!.Value}@{dependency.Attribute("version")!.Value}")
            .Except(components).Select(purl => $"its SBOM lacks {purl}")
            .Concat(subject == $"pkg:nuget/{Id}@{Version}" ? [] : [$"its SBOM is about {subject}"]);
    }

    private IEnumerable<string> AssemblyFaults(string path, byte[] bytes, string repository)
    {
        using var image = new PEReader(new MemoryStream(bytes));
        var entry = image.ReadDebugDirectory().Single(debug => debug.Type == DebugDirectoryEntryType.CodeView);
        var (id, recorded) = (image.ReadCodeViewDebugDirectoryData(entry).Guid, image.ReadCodeViewDebugDirectoryData(entry).Path);
        if (!recorded.StartsWith("/_/", StringComparison.Ordinal) || MachinePath(bytes) is not null)
        {
            yield return $"{path} contains a path of the build machine, {MachinePath(bytes) ?? recorded}: pack with CI=true";
        }

        if (!Symbols.TryGetValue(Path.ChangeExtension(path, ".pdb"), out var symbols) || !symbols.AsSpan().StartsWith("BSJB"u8))
        {
            yield return $"{path} has no portable PDB in the .snupkg";
            yield break;
        }

        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var pdb = provider.GetMetadataReader();
        if (new BlobContentId(pdb.DebugMetadataHeader!.Id).Guid != id)
        {
            yield return $"the PDB of {path} belongs to another build";
        }

        // A name is stored in pieces, so a search for bytes does not find it.
        var documents = pdb.Documents.Select(pdb.GetDocument).Select(document => pdb.GetString(document.Name)).ToList();
        var local = documents.Find(name => !name.StartsWith("/_/", StringComparison.Ordinal)) ?? MachinePath(symbols);
        if (local is not null)
        {
            yield return $"the PDB of {path} contains a path of the build machine, {local}";
        }

        var sourceLinks = Information(pdb, new("CC110556-A091-4D38-9FEC-25AB9A351A6A")).Select(Encoding.UTF8.GetString).ToList();
        var raw = repository.Replace("https://github.com/", "https://raw.githubusercontent.com/", StringComparison.Ordinal) + "/";
        if (repository != "" && !sourceLinks.Exists(json => json.Contains(raw, StringComparison.Ordinal)))
        {
            yield return $"the PDB of {path} has no SourceLink to {raw}: does the clone have this remote?";
        }
    }

    private static IEnumerable<byte[]> Information(MetadataReader pdb, Guid kind) =>
        pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation)
            .Where(information => pdb.GetGuid(information.Kind) == kind)
            .Select(information => pdb.GetBlobBytes(information.Value));

    private static string? MachinePath(byte[] bytes) => Array.Find(_machinePaths, path =>
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(path)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(path)) >= 0);

    private static bool IsOurs(string name) => name.StartsWith("Rx.Kube", StringComparison.Ordinal) || name == "rxkube.dll";

    private static XElement? Element(XElement parent, string name) =>
        parent.Elements().SingleOrDefault(element => element.Name.LocalName == name);

    private static string Text(XElement parent, string name) => Element(parent, name)?.Value.Trim() ?? "";

    private static Dictionary<string, byte[]> Entries(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        });
    }
}

/// <summary>The members of all packages as the compiler sees them, which is independent of packaging/PublicDocumentation.cs.</summary>
internal sealed class Documentation
{
    private readonly Dictionary<string, ISymbol> _members = [];

    public Documentation(IEnumerable<Package> packages)
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var web = runtime.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal);
        var shared = Directory.GetFiles(runtime, "*.dll").Concat(Directory.GetFiles(web, "*.dll"))
            .Where(IsManaged).Select(file => MetadataReference.CreateFromFile(file));
        var ours = packages.SelectMany(package => package.Assemblies)
            .Where(assembly => assembly.Path.StartsWith("lib/", StringComparison.Ordinal))
            .Select(assembly => MetadataReference.CreateFromImage(assembly.Bytes)).ToList();
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: MetadataImportOptions.All);
        var compilation = CSharpCompilation.Create("all", references: [.. shared, .. ours], options: options);
        foreach (var assembly in ours.Select(reference => (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!))
        {
            Add(assembly.GlobalNamespace);
        }
    }

    public IEnumerable<string> Faults(Package package)
    {
        var files = package.Files.Where(file => file.Key.EndsWith(".xml", StringComparison.Ordinal)
            && Path.GetFileName(file.Key) is not ("DotnetToolSettings.xml" or "[Content_Types].xml")).ToList();
        var isLibrary = package.Files.Keys.Any(file => file.StartsWith("lib/", StringComparison.Ordinal));
        if (files.Count != (isLibrary ? 1 : 0))
        {
            yield return $"has {files.Count} files of XML documentation";
        }

        foreach (var member in files.SelectMany(file => XDocument.Load(new MemoryStream(file.Value)).Descendants("member")))
        {
            var id = member.Attribute("name")!.Value;
            if (!_members.TryGetValue(id, out var symbol) || !IsVisible(symbol))
            {
                yield return $"documents {id}, which its users do not see";
                continue;
            }

            foreach (var cref in member.Descendants().Attributes("cref").Select(attribute => attribute.Value))
            {
                var isKnown = _members.TryGetValue(cref, out var target);
                if (isKnown ? !IsVisible(target!) : cref[0] == '!' || cref.AsSpan(2).StartsWith("Rx.Kube"))
                {
                    yield return $"the documentation of {id} refers to {cref}, which its users do not see";
                }
            }

            if (member.Descendants("inheritdoc").Any(inherit => inherit.Attribute("cref") is null) && !Bases(symbol).Any(IsVisible))
            {
                yield return $"the documentation of {id} is inherited from nothing that its users see";
            }
        }
    }

    private static bool IsManaged(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        return image.HasMetadata;
    }

    private void Add(ISymbol symbol)
    {
        if (symbol.GetDocumentationCommentId() is { } id)
        {
            _members.TryAdd(id, symbol);
        }

        if (symbol is INamespaceOrTypeSymbol container)
        {
            foreach (var member in container.GetMembers())
            {
                Add(member);
            }
        }
    }

    // A type of another package, such as System.Reactive, is not known here, and is visible.
    private static bool IsVisible(ISymbol symbol) =>
        symbol is ITypeSymbol { TypeKind: TypeKind.Error }
        || (symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
            && (symbol.ContainingType is null || IsVisible(symbol.ContainingType)));

    private static IEnumerable<ISymbol> Bases(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(symbol, type) || parent.TypeKind == TypeKind.Error)
            {
                yield return parent;
            }

            foreach (var member in parent.GetMembers().Where(member => member.Name == symbol.Name && member.Kind == symbol.Kind))
            {
                yield return member;
            }
        }

        foreach (var face in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(symbol, type) || face.TypeKind == TypeKind.Error)
            {
                yield return face;
            }

            foreach (var member in face.GetMembers(symbol.Name))
            {
                yield return member;
            }
        }
    }
}
