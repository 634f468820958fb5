using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The YAML that go-yaml reads for kubectl, and the meaning that it has there.</summary>
public sealed class KubeconfigYamlTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("base: &aws {server: https://merged}\nCLUSTER: {<<: *aws}", "https://merged/")]
    [InlineData("base: &aws {server: https://merged}\nCLUSTER: {<<: *aws, server: https://own}", "https://own/")]
    [InlineData("base: &aws {server: https://merged}\nCLUSTER: {server: https://own, <<: *aws}", "https://merged/")]
    [InlineData("CLUSTER: {<<: [{server: https://one}, {server: https://two}]}", "https://one/")]
    [InlineData("CLUSTER: {server: https://one, server: https://two}", "https://two/")]
    [InlineData("CLUSTER: {'<<': {server: https://quoted}, server: https://own}", "https://own/")]
    [InlineData("CLUSTER: {server:\thttps://tab}", "https://tab/")]
    [InlineData("CLUSTER: {server: !!binary aHR0cHM6Ly9iaW5hcnk=}", "https://binary/")]
    [InlineData("CLUSTER: {server: https://first}\n---\n[broken", "https://first/")]
    public void A_cluster_is_read_as_go_yaml_reads_it(string text, string expected) =>
        Assert.Equal(expected, Load(Encoding.UTF8.GetBytes(Config(text))).Server.AbsoluteUri);

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public void A_kubeconfig_may_have_any_encoding_that_go_yaml_reads(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] mark = hasMark ? encoding.GetPreamble() : [];

        Assert.Equal("https://s/", Load([.. mark, .. encoding.GetBytes(Config("CLUSTER: {server: https://s}"))]).Server.AbsoluteUri);
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("TRUE", true)]
    [InlineData("!!bool yes", true)]
    [InlineData("n", false)]
    [InlineData("No", false)]
    [InlineData("off", false)]
    [InlineData("~", false)]
    public void A_flag_is_what_go_yaml_makes_of_it(string flag, bool expected) => Assert.Equal(
        expected,
        Load(Encoding.UTF8.GetBytes(Config($"CLUSTER: {{server: https://s, insecure-skip-tls-verify: {flag}}}"))).SkipVerification);

    [Theory]
    [InlineData("CLUSTER: {server: https://s, insecure-skip-tls-verify: 'yes'}", "must be true or false")]
    [InlineData("CLUSTER: {server: https://s, insecure-skip-tls-verify: 1}", "must be true or false")]
    [InlineData("CLUSTER: {<<: 5}", "<< must name a mapping")]
    [InlineData("CLUSTER: {<<: [5]}", "<< must name a mapping")]
    public void What_go_yaml_refuses_is_refused(string text, string expected) => Assert.Contains(
        expected,
        Assert.Throws<KubeConfigurationException>(() => Load(Encoding.UTF8.GetBytes(Config(text)))).Message,
        StringComparison.Ordinal);

    private static string Config(string text) =>
        "contexts: [{name: x, context: {cluster: c}}]\ncurrent-context: gone\ncurrent-context: x\n"
        + text.Replace("CLUSTER: {", "clusters:\n- name: c\n  cluster: {", StringComparison.Ordinal) + "\n";

    private ConnectionTarget Load(byte[] bytes)
    {
        File.WriteAllBytes(_folder["config"], bytes);
        return KubeconfigLoader.Load(TestOptions.With(new() { ["KUBECONFIG"] = _folder["config"] }), default);
    }
}
