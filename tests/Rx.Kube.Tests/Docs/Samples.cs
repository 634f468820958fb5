using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>
/// The C# of the documents, as it is compiled in these folders: the code between the markers <c>// &lt;name&gt;</c> and
/// <c>// &lt;/name&gt;</c>. Pieces of one name are put together, each without the indentation that all its lines have.
/// </summary>
internal static partial class Samples
{
    private static readonly string[] _folders =
    [
        "tests/Rx.Kube.Tests/Docs", "tests/Rx.Kube.Tests/OnTestScheduler", "tests/Rx.Kube.KubernetesClient.Tests/Docs",
        "tests/Rx.Kube.Hosting.Tests/Docs", "tests/Rx.Kube.ServiceDiscovery.Tests/Docs", "tests/Rx.Kube.Grpc.Tests/Docs",
        "tests/Rx.Kube.Yarp.Tests/Docs", "samples/ShardedCache",
    ];

    public static IReadOnlyDictionary<string, string> All { get; } =
        _folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Region().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")))
            .GroupBy(m => m.Groups["name"].Value, m => Outdented(m.Groups["code"].Value))
            .ToDictionary(g => g.Key, string.Concat);

    private static string Outdented(string code)
    {
        var lines = code.Split('\n');
        var indentation = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(l => l.Length > 0 ? l[indentation..] : l));
    }

    [GeneratedRegex(@"^ *// <(?<name>[\w-]+)>\n(?<code>.*?)^ *// </\k<name>>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
