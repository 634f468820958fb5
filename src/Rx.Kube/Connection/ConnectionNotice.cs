namespace Rx.Kube;

/// <summary>
/// What a connection tells the user, and that is not an error: see <see cref="KubeConnectionOptions.OnNotice"/>.
/// </summary>
/// <param name="Kind">The kind of notice.</param>
/// <param name="Message">
/// The text, in one line, without control characters, at most 4,000 characters. The secrets that the connection knows are redacted. Only a
/// <see cref="ConnectionNoticeKind.PluginOutput"/> may contain another one, such as a device code: show it to the user, and do not log it.
/// </param>
public sealed record ConnectionNotice(ConnectionNoticeKind Kind, string Message);

/// <summary>The kinds of notices.</summary>
public enum ConnectionNoticeKind
{
    /// <summary>Which configuration was chosen, and why. Once per connection, before it is returned.</summary>
    Configuration,

    /// <summary>An exec plugin has been running for two seconds, and requests wait for it.</summary>
    PluginWaits,

    /// <summary>A line that an exec plugin wrote to its standard error, such as a device code.</summary>
    PluginOutput,

    /// <summary>A certificate in a file or a kubeconfig cannot be parsed and is skipped. Once per content.</summary>
    CertificateSkipped,

    /// <summary>Credentials are configured but not sent, because the server's address is plain http. Once per connection.</summary>
    CredentialsWithheld,
}
