#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property NoWarn=$(NoWarn);CS1591
// Checks what `dotnet pack` wrote: every package is there, and asks for exactly the dependencies that it uses.
// Usage: dotnet run .ci/check-packages.cs -- FOLDER
using System.IO.Compression;
using System.Xml.Linq;

var expected = new Dictionary<string, string[]>
{
    ["Rx.Kube"] = ["Rx.Kube.Hashing", "System.Reactive 6.0.1", "YamlDotNet 18.1.0"],
    ["Rx.Kube.AspNetCore"] = ["Rx.Kube.Hosting"],
    ["Rx.Kube.Grpc"] = ["Grpc.Net.ClientFactory 2.85.0", "Rx.Kube.Hosting"],
    ["Rx.Kube.Hashing"] = [],
    ["Rx.Kube.Hosting"] =
        ["Microsoft.Extensions.Diagnostics.HealthChecks 10.0.15", "Microsoft.Extensions.Hosting.Abstractions 10.0.15", "Rx.Kube"],
    ["Rx.Kube.KubernetesClient"] = ["KubernetesClient 21.0.8", "Rx.Kube"],
    ["Rx.Kube.Simulator"] = [],
    ["Rx.Kube.Testing"] = ["Rx.Kube"],
    ["rxkube"] = [],
};
var packages = Directory.GetFiles(args[0], "*.nupkg").Select(Read).ToDictionary(package => package.Id, package => package.Dependencies);
var faults = expected.Keys.Except(packages.Keys).Select(id => $"{id} is missing")
    .Concat(packages.Keys.Except(expected.Keys).Select(id => $"{id} is not expected: add it to .ci/check-packages.cs"))
    .Concat(expected.Where(package => packages.TryGetValue(package.Key, out var found) && !found.SequenceEqual(package.Value))
        .Select(package => $"{package.Key} depends on [{string.Join(", ", packages[package.Key])}], " +
            $"not on [{string.Join(", ", package.Value)}]"))
    .ToList();
if (Directory.GetFiles("src", "*.csproj", SearchOption.AllDirectories).Length != packages.Count)
{
    faults.Add("src has a project that is not packed: add it to .ci/packages.slnf");
}

faults.ForEach(Console.Error.WriteLine);
Console.WriteLine(faults.Count == 0
    ? $"{packages.Count} packages, each with the dependencies it uses"
    : "To fix: see the project files, or change the list in .ci/check-packages.cs");
return faults.Count == 0 ? 0 : 1;

static (string Id, string[] Dependencies) Read(string file)
{
    using var zip = ZipFile.OpenRead(file);
    using var nuspec = zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
    var metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    string[] dependencies = [.. metadata.Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .Select(dependency => (Id: dependency.Attribute("id")!.Value, Version: dependency.Attribute("version")!.Value))
        .Select(dependency => dependency.Id.StartsWith("Rx.Kube", StringComparison.Ordinal)
            ? dependency.Id
            : $"{dependency.Id} {dependency.Version}")
        .Order(StringComparer.Ordinal)];
    return (metadata.Elements().Single(element => element.Name.LocalName == "id").Value, dependencies);
}
