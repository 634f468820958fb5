using System.Runtime.CompilerServices;

namespace Rx.Kube.Cli.Tests.Kit;

/// <summary>
/// Compares a text with the one that was looked at and committed. <c>RXKUBE_UPDATE_GOLDEN=1 dotnet test</c> writes the texts anew;
/// read the difference before committing it.
/// </summary>
internal static class Golden
{
    public static void Matches(string name, string actual) =>
        MatchesFile(Path.Combine(Here(), "..", "Golden", name), actual);

    public static void MatchesFile(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with RXKUBE_UPDATE_GOLDEN=1 and read what it wrote");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    public static string Repository() => Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
