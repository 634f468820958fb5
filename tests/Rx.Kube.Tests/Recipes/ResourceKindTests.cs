using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Reflection;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Recipes;

/// <summary>The recipe "add a resource" of CONTRIBUTING.md: each kind that this library knows has all its parts.</summary>
public sealed class ResourceKindTests
{
    public static TheoryData<string> Kinds => [.. typeof(ResourceKinds).GetProperties().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_method_on_the_connection(string kind) => Assert.True(
        typeof(KubeConnectionWatches).GetMethod(kind) is not null,
        $"To fix: add {kind}(this KubeConnection, …) to src/Rx.Kube/Watching/KubeConnectionWatches.cs.");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_has_a_decoder_and_its_tests(string kind)
    {
        var decoder = ModelOf(kind).Name + "Decoder";
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests/Rx.Kube.Tests/Resources"), "*.cs").Select(File.ReadAllText).ToList();
        var file = $"src/Rx.Kube/Resources/{decoder}.cs";
        Assert.True(File.Exists(Repository.PathOf(file)), $"To fix: add {file}, and tests/Rx.Kube.Tests/Resources/{decoder}Tests.cs.");
        Assert.True(
            File.Exists(Repository.PathOf($"tests/Rx.Kube.Tests/Resources/{decoder}Tests.cs")) ||
                tests.Any(text => text.Contains($"new {decoder}()", StringComparison.Ordinal)),
            $"To fix: test {decoder} in tests/Rx.Kube.Tests/Resources, with full, empty, unknown and mutated objects.");
    }

    [Theory]
    [InlineData("../../api", "v1", "pods", "group")]
    [InlineData("example.com/v1/secrets?x=", "v1", "pods", "group")]
    [InlineData("Example.com", "v1", "pods", "group")]
    [InlineData(".com", "v1", "pods", "group")]
    [InlineData("example..com", "v1", "pods", "group")]
    [InlineData("\u3164", "v1", "pods", "group")]
    [InlineData("", "v1/namespaces/kube-system", "pods", "version")]
    [InlineData("", "..", "pods", "version")]
    [InlineData("", "v1?", "pods", "version")]
    [InlineData("", "v1", "pods/log", "plural")]
    [InlineData("", "v1", "pods%2f..", "plural")]
    [InlineData("", "v1", "Pods", "plural")]
    [InlineData("", "v1", "pods#", "plural")]
    [InlineData("", "v1", "pods\n", "plural")]
    [InlineData("", "v1", ".", "plural")]
    public void A_part_of_the_path_that_is_not_a_name_is_refused(string group, string version, string plural, string parameter)
    {
        var error = Assert.Throws<ArgumentException>(() => new ResourceKind<string>(group, version, plural, _ => ""));
        Assert.Equal(parameter, error.ParamName);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lengths_of_the_parts_of_a_path_are_limited()
    {
        var (label, group) = (new string('a', 63), string.Join('.', Enumerable.Repeat(new string('a', 50), 5))[..253]);
        _ = new ResourceKind<string>(group, label, label, _ => "");
        _ = new ResourceKind<string>(group[1..], label[1..], label[1..], _ => "");
        Assert.Throws<ArgumentException>(() => new ResourceKind<string>("a" + group, label, label, _ => ""));
        Assert.Throws<ArgumentException>(() => new ResourceKind<string>(group, label + "a", label, _ => ""));
        Assert.Throws<ArgumentException>(() => new ResourceKind<string>(group, label, label + "a", _ => ""));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("a/../b")]
    [InlineData(" ")]
    public void An_option_for_a_namespace_that_is_not_a_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new KubeConnectionOptions { Namespace = name });

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_is_served_by_the_simulator(string kind)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, server.Url);
        var list = (Task<bool>)GetType().GetMethod(nameof(IsListed), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(ModelOf(kind)).Invoke(null, [kube, typeof(ResourceKinds).GetProperty(kind)!.GetValue(null)])!;
        Assert.True(await list, $"To fix: add {kind} to src/Rx.Kube.Simulator/Storage/ResourceType.cs.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_is_discovered_in_the_simulator(string kind)
    {
        dynamic it = typeof(ResourceKinds).GetProperty(kind)!.GetValue(null)!;
        (string group, string version, string plural) = (it.Group, it.Version, it.Plural);
        var path = group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        async Task<JsonNode> Get(string at) => JsonNode.Parse(await client.GetStringAsync(new Uri(server.Url, at)))!;

        Assert.Contains(path, (await Get("/"))["paths"]!.AsArray().Select(p => (string?)p));
        Assert.Contains(plural, (await Get(path))["resources"]!.AsArray().Select(r => (string?)r!["name"]));
        if (group.Length > 0)
        {
            Assert.Contains(group, (await Get("/apis"))["groups"]!.AsArray().Select(g => (string?)g!["name"]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_of_the_connection_is_in_the_changelog(string kind) => Assert.True(
        Repository.Read("CHANGELOG.md").Contains($"{kind}(…)", StringComparison.Ordinal),
        $"To fix: say in CHANGELOG.md what `{kind}(…)` gives.");

    private static Type ModelOf(string kind) => typeof(ResourceKinds).GetProperty(kind)!.PropertyType.GetGenericArguments()[0];

    private static async Task<bool> IsListed<T>(KubeConnection kube, ResourceKind<T> kind)
    {
        try
        {
            return (await kube.Resources(kind).List().ToTask()).Items.IsEmpty;
        }
        catch (KubeStatusException)
        {
            return false;
        }
    }
}
