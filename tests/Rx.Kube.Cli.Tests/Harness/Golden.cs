namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>
/// Compares a text with a golden file. <c>RXKUBE_UPDATE_GOLDEN=1 dotnet test</c> updates the files; review the difference
/// before you commit it.
/// </summary>
internal static class Golden
{
    public static void Matches(string name, string actual) =>
        MatchesFile(Path.Combine(Repository.Root, "tests", "Rx.Kube.Cli.Tests", "Golden", name), actual);

    public static void MatchesFile(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing. To fix: run the test with RXKUBE_UPDATE_GOLDEN=1 and review the file");
        if (File.ReadAllText(path) != actual)
        {
            Assert.Fail(
                $"{path} differs. To fix: if this is intended, run the test with RXKUBE_UPDATE_GOLDEN=1 and review the file.\n" +
                Assert.Throws<Xunit.Sdk.EqualException>(() => Assert.Equal(File.ReadAllText(path), actual)).Message);
        }
    }
}
