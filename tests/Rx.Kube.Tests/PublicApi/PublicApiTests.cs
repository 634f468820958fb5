using System.Reflection;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.PublicApi;

/// <summary>What users can call is compared with the committed baseline, so that no change of it goes unseen.</summary>
public sealed class PublicApiTests
{
    public const string UpdateVariable = "RXKUBE_UPDATE_API";

    [Theory]
    [InlineData("Rx.Kube")]
    [InlineData("Rx.Kube.Testing")]
    [InlineData("Rx.Kube.Simulator")]
    [InlineData("Rx.Kube.Hashing")]
    public void The_public_api_is_the_committed_one(string package)
    {
        var baseline = $"tests/Rx.Kube.Tests/PublicApi/{package}.txt";
        var actual = ApiText.Of(Assembly.Load(package));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Repository.PathOf(baseline), actual);
        }

        var expected = File.Exists(Repository.PathOf(baseline)) ? Repository.Read(baseline) : "";
        var changes = Difference(expected, actual);
        Assert.True(
            changes.Length == 0,
            $"""
            The public API of {package} is not the one in {baseline}:
            {changes}
            If that is meant: {UpdateVariable}=1 dotnet test tests/Rx.Kube.Tests --filter PublicApi, and commit the file.
            """);
    }

    // Lines are unique only within their type, so each is compared together with it.
    private static string Difference(string expected, string actual)
    {
        var (before, now) = (Qualified(expected), Qualified(actual));
        return string.Join(
            "\n",
            before.Except(now).Select(line => "- " + line).Concat(now.Except(before).Select(line => "+ " + line)));
    }

    private static List<string> Qualified(string text)
    {
        var type = "";
        var lines = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line[0] == ' ' ? type : line;
            lines.Add(line[0] == ' ' ? $"{type} :: {line.Trim()}" : line);
        }

        return lines;
    }
}
