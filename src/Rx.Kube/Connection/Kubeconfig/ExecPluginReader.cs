namespace Rx.Kube;

/// <summary>Reads a user's <c>exec</c>. Source: Kubernetes documentation "client-go credential plugins".</summary>
internal static class ExecPluginReader
{
    private const string Group = "client.authentication.k8s.io/";

    public static ExecPlugin Read(YamlSection exec, YamlSection user, YamlSection cluster, Uri server, KubeConnectionOptions options)
    {
        var command = exec.Text("command") ?? throw exec.Error("exec has no command");
        var version = exec.Text("apiVersion") ?? throw exec.Error("exec has no apiVersion", fix: $"set it to {Group}v1");
        if (version is not (Group + "v1" or Group + "v1beta1"))
        {
            throw exec.Error(
                $"exec has apiVersion {Printable.Of(version, 80)}, which is not supported", exec.Child("apiVersion"),
                $"update the plugin, and set {Group}v1");
        }

        var description = $"the exec plugin \"{Printable.Of(command)}\" of {user.Description}";
        switch (exec.Text("interactiveMode"))
        {
            case null or "Never" or "IfAvailable":
                break;
            case "Always":
                throw new KubeConfigurationException(
                    $"{Printable.Sentence(description)} needs a terminal (interactiveMode: Always), which is not available here. "
                    + "To fix: log in by other means, or set interactiveMode: IfAvailable if the plugin works without one.");
            default:
                throw exec.Error("interactiveMode must be Never, IfAvailable or Always", exec.Child("interactiveMode"));
        }

        return new ExecPlugin
        {
            ApiVersion = version,
            Command = command.Contains('/', StringComparison.Ordinal) ||
                command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? Path.GetFullPath(command, exec.Directory)
                : command,
            Arguments = exec.Texts("args"),
            Environment = [.. exec.Sections("env").Select(entry => KeyValuePair.Create(
                entry.Text("name") is { } name && !name.Contains('=', StringComparison.Ordinal)
                    ? name
                    : throw entry.Error("an entry of exec.env has no name"),
                entry.Text("value") ?? ""))],
            ExecInfo = ExecInfoWriter.Write(version, exec.Flag("provideClusterInfo") ? cluster : null, server, options.Limits),
            InstallHint = exec.Text("installHint") ?? "",
            Description = description,
            SearchPath = options.Environment["PATH"],
        };
    }
}
