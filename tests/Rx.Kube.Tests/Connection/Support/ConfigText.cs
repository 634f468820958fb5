namespace Rx.Kube.Tests.Connection.Support;

/// <summary>Kubeconfigs for tests: context "dev" of cluster "c" and user "u".</summary>
internal static class ConfigText
{
    /// <summary>One context; cluster and user are lines without indentation.</summary>
    public static string Of(string cluster, string user = "{}", string context = "") => $"""
        apiVersion: v1
        kind: Config
        current-context: dev
        contexts:
        - name: dev
          context:
            cluster: c
            user: u
        {Indent(context, 4)}
        clusters:
        - name: c
          cluster:
        {Indent(cluster, 4)}
        users:
        - name: u
          user:
        {Indent(user, 4)}
        """;

    private static string Indent(string lines, int by) =>
        string.Join('\n', lines.ReplaceLineEndings("\n").Split('\n').Select(line => new string(' ', by) + line));
}
