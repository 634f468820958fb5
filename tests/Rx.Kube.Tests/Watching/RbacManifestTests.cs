using YamlDotNet.RepresentationModel;

namespace Rx.Kube.Tests.Watching;

/// <summary>The manifest that a 403 suggests: never to anonymous requests or many users, whatever the server writes.</summary>
public class RbacManifestTests
{
    private const string Placeholder = "<who you are: kubectl auth whoami>";

    [Theory]
    [InlineData("system:anonymous")]
    [InlineData(" system:anonymous")]
    [InlineData("system:anonymous\n")]
    [InlineData("system:unauthenticated")]
    [InlineData("system:authenticated")]
    [InlineData("system:serviceaccounts")]
    [InlineData("system:serviceaccounts:prod")]
    [InlineData("system:serviceaccount:prod:")]
    [InlineData("system:serviceaccount:prod:*")]
    [InlineData("system:serviceaccount:a:b:c")]
    [InlineData("system:masters")]
    [InlineData("System:Masters")]
    [InlineData("system:nodes")]
    [InlineData("system:kube-controller-manager")]
    [InlineData("*")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(null)]
    public void It_never_grants_to_a_reserved_name_or_to_many(string? user)
    {
        var subject = Subject(new MissingPermission("list", "g", "r", "prod") { User = user });
        Assert.Equal("User", subject["kind"]);
        Assert.Equal(Placeholder, subject["name"]);
    }

    [Theory]
    [InlineData("eve\n  - kind: Group\n    name: system:masters")]
    [InlineData("eve\"\n- kind: Group")]
    [InlineData("eve\\\"")]
    [InlineData("eve # comment")]
    [InlineData("{a: b}")]
    [InlineData("&a *b")]
    [InlineData("!!python/object")]
    [InlineData("\u2028- kind: Group")]
    [InlineData("\u0085- kind: Group")]
    [InlineData("\u3164")]
    [InlineData("null")]
    [InlineData("123")]
    public void The_name_of_a_user_is_one_text(string user)
    {
        var manifest = new MissingPermission("list", "g", "r", "prod") { User = user }.ToManifest();
        var subject = Subject(manifest);
        Assert.Equal((user, "User"), (subject["name"], subject["kind"]));
        Assert.DoesNotContain(manifest, c => c is not '\n' and (< ' ' or > '~'));
    }

    [Theory]
    [InlineData("123", "0")]
    [InlineData("on", "true")]
    [InlineData("1e3", "null")]
    [InlineData("0x10", "no")]
    public void A_service_account_that_looks_like_a_number_or_a_flag_is_quoted(string @namespace, string name)
    {
        var manifest = new MissingPermission("list", "g", "r", @namespace) { User = $"system:serviceaccount:{@namespace}:{name}" };
        Assert.Contains($"    name: \"{name}\"\n    namespace: \"{@namespace}\"", manifest.ToManifest(), StringComparison.Ordinal);
        Assert.Contains($"\n  namespace: \"{@namespace}\"\n", manifest.ToManifest(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_a_group_and_a_resource_cannot_add_lines()
    {
        const string Hostile = "a\"]\n    verbs: [\"*\"]\n---\n";
        var manifest = new MissingPermission("list", Hostile, Hostile, Hostile).ToManifest();
        Assert.Equal(2, Documents(manifest).Count);
        Assert.DoesNotContain("verbs: [\"*\"]", manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anonymous_request_is_told_that_credentials_are_missing_and_gets_no_manifest()
    {
        var status = new KubeStatus(403, "Forbidden", "x is forbidden: User \"system:anonymous\" cannot list resource", []);
        var error = new KubeForbiddenException(new("https://k:6443"), new("list", "discovery.k8s.io", "endpointslices", "prod"), status);

        Assert.True(error.Permission.IsAnonymous);
        Assert.Contains(
            "No credentials were sent, or the server did not recognize them. To fix: log in", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kind:", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Subject(MissingPermission permission) => Subject(permission.ToManifest());

    private static Dictionary<string, string> Subject(string manifest)
    {
        var subjects = (YamlSequenceNode)((YamlMappingNode)Documents(manifest)[1].RootNode)["subjects"];
        var subject = (YamlMappingNode)Assert.Single(subjects);
        return subject.ToDictionary(p => p.Key.ToString(), p => p.Value.ToString());
    }

    private static IList<YamlDocument> Documents(string manifest)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(manifest));
        return stream.Documents;
    }
}
