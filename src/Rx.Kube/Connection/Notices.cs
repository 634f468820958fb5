namespace Rx.Kube;

/// <summary>Passes the notices of a connection to the application and, except for the output of plugins, to the telemetry.</summary>
internal sealed class Notices(Action<ConnectionNotice>? handler, OutsideText? outside = null)
{
    internal const int MaxMessage = 4000;

    /// <summary>The name of the activity that records a notice.</summary>
    public const string ActivityName = "rxkube.connection.notice";

    /// <summary>Passes a notice on, on the calling thread, which holds no lock. Throws nothing.</summary>
    public void Tell(ConnectionNoticeKind kind, string message)
    {
        message = (outside ?? OutsideText.Unowned).Of(message, MaxMessage);
        if (kind != ConnectionNoticeKind.PluginOutput)
        {
            using var activity = KubeTelemetry.Activities.StartActivity(ActivityName);
            activity?.SetTag("rxkube.notice.kind", NameOf(kind)).SetTag("rxkube.notice", message);
        }

        try
        {
            handler?.Invoke(new ConnectionNotice(kind, message));
        }
        catch (Exception e)
        {
            // A request must not fail because of what it is accompanied by.
            SubscriberFaults.Report(e);
        }
    }

    /// <summary>Tells what was skipped when a credential was read.</summary>
    public void TellSkipped(Credential credential)
    {
        if (credential.Certificate?.Warning is { } warning)
        {
            Tell(ConnectionNoticeKind.CertificateSkipped, warning);
        }
    }

    private static string NameOf(ConnectionNoticeKind kind) => kind switch
    {
        ConnectionNoticeKind.Configuration => "configuration",
        ConnectionNoticeKind.PluginWaits => "plugin_waits",
        ConnectionNoticeKind.CertificateSkipped => "certificate_skipped",
        ConnectionNoticeKind.CredentialsWithheld => "credentials_withheld",
        _ => "plugin_output",
    };
}
