using YamlDotNet.RepresentationModel;

namespace Rx.Kube.Tests.Docs;

/// <summary>The permissions in the README are enough, and not more than that.</summary>
public sealed class ReadmeRbacTests
{
    private readonly YamlMappingNode _role;
    private readonly YamlMappingNode _binding;

    public ReadmeRbacTests()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Assert.Single(Markdown.Blocks("README.md", "yaml"))));
        var objects = stream.Documents.Select(d => (YamlMappingNode)d.RootNode).ToList();
        Assert.Equal(["Role", "RoleBinding"], objects.Select(o => Text(o, "kind")));
        (_role, _binding) = (objects[0], objects[1]);
    }

    [Fact]
    public void The_role_grants_exactly_list_and_watch_on_endpointslices()
    {
        var rule = (YamlMappingNode)Assert.Single((YamlSequenceNode)_role["rules"]);
        Assert.Equal(["apiGroups", "resources", "verbs"], rule.Children.Keys.Select(k => k.ToString()));
        Assert.Equal(["discovery.k8s.io"], Texts(rule, "apiGroups"));
        Assert.Equal(["endpointslices"], Texts(rule, "resources"));
        Assert.Equal(["list", "watch"], Texts(rule, "verbs"));
    }

    [Fact]
    public void The_binding_gives_that_role_in_its_namespace_to_one_service_account()
    {
        Assert.All([_role, _binding], o => Assert.Equal("rbac.authorization.k8s.io/v1", Text(o, "apiVersion")));
        var (role, binding) = ((YamlMappingNode)_role["metadata"], (YamlMappingNode)_binding["metadata"]);
        Assert.Equal(Text(role, "namespace"), Text(binding, "namespace"));

        var reference = (YamlMappingNode)_binding["roleRef"];
        Assert.Equal(
            ("rbac.authorization.k8s.io", "Role", Text(role, "name")),
            (Text(reference, "apiGroup"), Text(reference, "kind"), Text(reference, "name")));
        var subject = (YamlMappingNode)Assert.Single((YamlSequenceNode)_binding["subjects"]);
        Assert.Equal("ServiceAccount", Text(subject, "kind"));
    }

    [Fact]
    public void It_is_for_the_namespace_that_the_sample_watches() =>
        Assert.Contains(
            $"EndpointSlices(\"{Text((YamlMappingNode)_role["metadata"], "namespace")}\"",
            Assert.Single(Markdown.NamedBlocks("README.md", "csharp"), block => block.Name == "readme").Body,
            StringComparison.Ordinal);

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static IEnumerable<string> Texts(YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node[key]).Select(n => ((YamlScalarNode)n).Value!);
}
