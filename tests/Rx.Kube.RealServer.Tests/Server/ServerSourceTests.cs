namespace Rx.Kube.RealServer.Tests.Server;

public sealed class ServerSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-source-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_kubeconfig_precedes_envtest_and_envtest_precedes_the_built_server()
    {
        var variables = new Dictionary<string, string?>
        {
            [ServerSource.KubeconfigVariable] = Path.Combine(_folder, "kubeconfig"),
            [ServerSource.EnvtestVariable] = Binaries("envtest", "kube-apiserver"),
            [ServerSource.CacheVariable] = Path.GetDirectoryName(Binaries("built/bin", "apiserver")),
        };
        ServerKind Kind() => ServerSource.Find(variables.GetValueOrDefault, _folder).Kind;

        Assert.Equal(ServerKind.Cluster, Kind());
        variables.Remove(ServerSource.KubeconfigVariable);
        Assert.Equal(ServerKind.Envtest, Kind());
        variables.Remove(ServerSource.EnvtestVariable);
        Assert.Equal(ServerKind.Built, Kind());
        variables.Remove(ServerSource.CacheVariable);
        Assert.Equal(ServerKind.None, Kind());
    }

    [Fact]
    public void The_built_server_is_found_in_the_clone_above_the_tests()
    {
        File.WriteAllText(Path.Combine(_folder, "Rx.Kube.sln"), "");
        Binaries(".cache/real-api-server/bin", "apiserver");

        var source = ServerSource.Find(_ => null, Path.Combine(_folder, "tests", "x", "bin"));

        Assert.Equal(ServerKind.Built, source.Kind);
    }

    [Fact]
    public void Without_a_server_tests_are_skipped_with_the_build_command_except_on_CI()
    {
        var none = new ServerSource(ServerKind.None, "");

        Assert.Contains("tests/real-api-server/build.sh", RealServerFactAttribute.Reason(Needs.Objects, none, required: false));
        Assert.Null(RealServerFactAttribute.Reason(Needs.Objects, none, required: true));
    }

    [Fact]
    public void An_external_cluster_is_never_killed()
    {
        var cluster = new ServerSource(ServerKind.Cluster, "/kubeconfig");

        Assert.Null(RealServerFactAttribute.Reason(Needs.Objects, cluster, required: false));
        Assert.Contains(ServerSource.KubeconfigVariable, RealServerFactAttribute.Reason(Needs.ServerControl, cluster, required: true));
    }

    private string Binaries(string folder, string server)
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName;
        File.WriteAllText(Path.Combine(path, server), "");
        File.WriteAllText(Path.Combine(path, "etcd"), "");
        return path;
    }
}
