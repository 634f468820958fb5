using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>Makes the one connection of a host from its settings.</summary>
internal static class HostConnection
{
    public static KubeConnection Create(KubeConnectionSettings settings, ILogger log)
    {
        var options = new KubeConnectionOptions
        {
            Context = settings.Context,
            KubeconfigPaths = settings.Kubeconfig is { } file ? [file] : null,
            Namespace = settings.Namespace,
            OnNotice = notice => Tell(log, notice),
        };
        options = settings.Configure?.Invoke(options) ?? options;
        return settings.Server is { } server
            ? KubeConnection.To(server, options, "the setting Kube:Connection:Server")
            : KubeConnection.Default(options);
    }

    // What a plugin writes may be a secret.
    private static void Tell(ILogger log, ConnectionNotice notice)
    {
        if (notice.Kind != ConnectionNoticeKind.PluginOutput)
        {
            var level = notice.Kind == ConnectionNoticeKind.Configuration ? LogLevel.Information : LogLevel.Warning;
            var text = HostText.Line(notice.Message);
            HostLog.Notice(log, level, text);
        }
    }
}
