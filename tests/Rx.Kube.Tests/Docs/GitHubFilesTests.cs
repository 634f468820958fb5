using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;
using Node = YamlDotNet.RepresentationModel.YamlNode;

namespace Rx.Kube.Tests.Docs;

/// <summary>The files in <c>.github</c> are what GitHub reads. It reports a mistake only after a push, or silently shows no form.</summary>
public sealed partial class GitHubFilesTests
{
    private static readonly string[] _elements = ["markdown", "textarea", "input", "dropdown", "checkboxes"];

    public static TheoryData<string> Workflows => [.. FilesIn(".github/workflows")];

    public static TheoryData<string> Forms => [.. FilesIn(".github/ISSUE_TEMPLATE").Except([".github/ISSUE_TEMPLATE/config.yml"])];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_has_least_permissions_and_pinned_actions_and_runs_scripts_that_exist(string file)
    {
        var workflow = Load(file);
        Assert.NotEmpty(workflow["on"].AllNodes);
        Assert.Equal("contents: read", Text(workflow["permissions"]));
        foreach (var (name, job) in (YamlMappingNode)workflow["jobs"])
        {
            Assert.NotEqual("", Text(job["runs-on"]));
            Assert.DoesNotContain("write-all", Text(job), StringComparison.Ordinal);
            foreach (var step in ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>())
            {
                var keys = step.Children.Keys.Select(Text).ToList();
                Assert.True(keys.Contains("uses") ^ keys.Contains("run"), $"{name}: a step needs either uses or run");
                Assert.True(!keys.Contains("uses") || PinnedAction().IsMatch(Text(step["uses"])), $"{name}: {step}");
                Assert.All(
                    keys.Contains("run") ? Script().Matches(Text(step["run"])).Select(match => match.Value) : [],
                    script => Assert.True(File.Exists(Repository.PathOf(script)), $"{name}: {script} does not exist"));
            }
        }
    }

    [Fact]
    public void A_push_and_a_pull_request_run_everything_and_a_timer_runs_what_takes_longer()
    {
        Assert.Equal(["push", "pull_request"], Keys(Load(".github/workflows/ci.yml")["on"]));
        Assert.Contains("run: .ci/run", Text(Load(".github/workflows/ci.yml")), StringComparison.Ordinal);
        Assert.Contains("schedule", Keys(Load(".github/workflows/nightly.yml")["on"]));
        Assert.Contains("run: .ci/nightly", Text(Load(".github/workflows/nightly.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_is_published_by_one_job_that_an_environment_guards()
    {
        var release = Load(".github/workflows/release.yml");
        Assert.Equal("push: tags: v*", Text(release["on"]));
        var jobs = ((YamlMappingNode)release["jobs"]).Select(job => job.Value);
        var publish = Assert.Single(jobs, job => Text(job).Contains("secrets.", StringComparison.Ordinal));
        Assert.Equal("release", Text(publish["environment"]));
        Assert.Equal("pack", Text(publish["needs"]));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_issue_form_has_what_GitHub_requires(string file)
    {
        var form = Load(file);
        Assert.All(["name", "description"], key => Assert.NotEqual("", Text(form[key])));
        var elements = ((YamlSequenceNode)form["body"]).Cast<YamlMappingNode>().ToList();
        Assert.All(elements, element => Assert.Contains(Text(element["type"]), _elements));
        var questions = elements.Where(element => Text(element["type"]) != "markdown").ToList();
        Assert.NotEmpty(questions);
        Assert.All(questions, question => Assert.NotEqual("", Text(question["attributes"]["label"])));
        var ids = questions.Select(question => Text(question["id"])).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Dependabot_watches_packages_and_actions()
    {
        var dependabot = Load(".github/dependabot.yml");
        Assert.Equal("2", Text(dependabot["version"]));
        var updates = ((YamlSequenceNode)dependabot["updates"]).Cast<YamlMappingNode>().ToList();
        Assert.Equal(["nuget", "github-actions"], updates.Select(update => Text(update["package-ecosystem"])));
        Assert.All(updates, update => Assert.Equal("weekly", Text(update["schedule"]["interval"])));
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(Repository.PathOf(folder))
            .Select(file => $"{folder}/{Path.GetFileName(file)}")
            .Order(StringComparer.Ordinal);

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Repository.Read(file)));
        return Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
    }

    private static IEnumerable<string> Keys(Node node) => ((YamlMappingNode)node).Children.Keys.Select(Text);

    // Without its layout.
    private static string Text(Node node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode sequence => string.Join(", ", sequence.Select(Text)),
        YamlMappingNode mapping => string.Join(", ", mapping.Select(pair => $"{Text(pair.Key)}: {Text(pair.Value)}")),
        _ => "",
    };

    [GeneratedRegex(@"^[\w-]+/[\w-]+@v\d+$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"\.ci/[a-z-]+")]
    private static partial Regex Script();
}
