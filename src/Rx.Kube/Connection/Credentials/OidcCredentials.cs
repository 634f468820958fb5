using System.Reactive.Concurrency;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// The id-token of the auth-provider oidc, used until ten seconds before it expires. Then the kubeconfig is read again, because kubectl
/// writes the token that it refreshes to it. Source: client-go plugin/pkg/client/auth/oidc.
/// </summary>
internal sealed class OidcCredentials : FileCredentials
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10);
    private readonly Func<string?> _reread;
    private readonly string _user;
    private readonly IScheduler _scheduler;
    private DateTimeOffset _expires;
    private string _token;

    /// <summary>Checks the token, which may have expired.</summary>
    /// <exception cref="KubeConfigurationException">It is not a JWT with an expiry.</exception>
    public OidcCredentials(string token, Func<string?> reread, string user, KubeConnectionOptions options)
        : base(options.Scheduler, options.Environment.OffThread)
    {
        (_token, _reread, _user, _scheduler) = (token, reread, user, options.Scheduler);
        Begin();
    }

    public override string Description => $"the id-token of {_user}";

    private bool IsOver => _expires <= _scheduler.Now + Early;

    protected override bool IsDue(bool refused, TimeSpan age) => refused || IsOver;

    protected override bool ServesOn(bool refused) => false;

    protected override Credential Load(Credential? current)
    {
        if (current is null)
        {
            return Read(_token);
        }

        var credential = _reread() is { } token && token != _token ? Read(token) : current;
        return IsOver
            ? throw new KubeConfigurationException(
                $"{Printable.Sentence(Description)} expired at {_expires:u}, and Rx.Kube does not refresh it. "
                + "To fix: log in again; any kubectl command does, if the kubeconfig has a refresh-token. "
                + "Or use an exec plugin (kubelogin, oidc-login), which is asked by itself.")
            : credential;
    }

    private Credential Read(string token)
    {
        var bearer = Secrets.Token(token);
        _expires = (bearer is null ? null : ExpiryOf(bearer)) ?? throw new KubeConfigurationException(
            $"{Printable.Sentence(Description)} is not a JWT with an expiry. To fix: log in again.");
        _token = token;
        return Credential.Bearer(bearer!);
    }

    private static DateTimeOffset? ExpiryOf(string token)
    {
        if (token.Split('.') is not [_, var payload, _])
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload));
            return claims.RootElement.TryGetProperty("exp", out var exp) && exp.TryGetDouble(out var seconds)
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
