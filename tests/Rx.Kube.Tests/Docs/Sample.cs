using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>The parts of a source file that a document shows: what stands between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c>.</summary>
internal static partial class Sample
{
    /// <summary>The parts of a name, without the indentation of their marker, one after another.</summary>
    public static string Of(string file, string name) => string.Concat(Region().Matches(Repository.Read(file))
        .Where(m => m.Groups["name"].Value == name)
        .Select(m => m.Groups["code"].Value.Replace("\n" + m.Groups["indentation"].Value, "\n", StringComparison.Ordinal)[m.Groups["indentation"].Length..]));

    [GeneratedRegex(@"^(?<indentation> *)// <(?<name>[\w-]+)>\n(?<code>.*?)^ *// </\k<name>>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
