using System.Diagnostics;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Runs kubectl from the PATH or, without it, from the folder of the server.</summary>
public static class Kubectl
{
    public static Task<CommandResult> RunAsync(
        ServerSource source, string kubeconfig, string cache, IEnumerable<string> arguments, string? stdin = null) =>
        CommandResult.RunAsync(Program(source), ["--kubeconfig", kubeconfig, "--cache-dir", cache, .. arguments], stdin);

    /// <summary>Starts kubectl, with its output as a stream.</summary>
    public static Process Start(ServerSource source, string kubeconfig, string cache, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(Program(source), ["--kubeconfig", kubeconfig, "--cache-dir", cache, .. arguments])
        {
            RedirectStandardOutput = true,
        })!;

    public static string Config(Uri url, string caFile, string token, string @namespace) =>
        ConfigOf(url, caFile, $"token: \"{token}\"", @namespace);

    /// <summary>Writes a kubeconfig. The user is YAML, such as <c>tokenFile: /path, as: name</c>.</summary>
    public static string ConfigOf(Uri url, string caFile, string user, string @namespace) =>
        $$"""
        apiVersion: v1
        kind: Config
        clusters: [{ name: test, cluster: { server: "{{url}}", certificate-authority: "{{caFile}}" } }]
        users: [{ name: test, user: { {{user}} } }]
        contexts: [{ name: test, context: { cluster: test, user: test, namespace: {{@namespace}} } }]
        current-context: test

        """;

    private static string Program(ServerSource source)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return path.Append(source.Location).Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(CanRun)
            ?? throw new InvalidOperationException(
                "kubectl is missing. To fix: install it, or run tests/real-api-server/build.sh, which downloads it.");
    }

    private static bool CanRun(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & UnixFileMode.OtherExecute) != 0);
}
