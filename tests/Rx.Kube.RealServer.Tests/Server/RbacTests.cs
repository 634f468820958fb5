using YamlDotNet.RepresentationModel;

namespace Rx.Kube.RealServer.Tests.Server;

public class RbacTests
{
    [Theory]
    [InlineData("User", null)]
    [InlineData("ServiceAccount", "place")]
    public void The_manifest_grants_the_documented_rights(string kind, string? subjectNamespace)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Rbac.Manifest("place", kind)));
        var documents = yaml.Documents.Select(document => document.RootNode).ToArray();

        Assert.Equal(
            ["rxkube-admin: *", "rxkube-reader: get list watch", "rxkube-lister: get list"],
            documents.Where(node => Text(node["kind"]) == "Role")
                .Select(role => $"{role["metadata"]["name"]}: {string.Join(' ', (YamlSequenceNode)role["rules"][0]["verbs"])}"));
        var subjects = documents.Where(node => Text(node["kind"]) == "RoleBinding")
            .Select(binding => (YamlMappingNode)binding["subjects"][0]).ToArray();
        Assert.Equal(["admin", "reader", "lister"], subjects.Select(subject => Text(subject["name"])));
        Assert.All(subjects, subject => Assert.Equal(
            subjectNamespace, subject.Children.TryGetValue("namespace", out var place) ? Text(place) : null));
        Assert.All(documents, node => Assert.Equal("place", Text(node["metadata"]["namespace"])));
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
