using System.Reactive.Concurrency;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// The id-token of the auth-provider oidc, used until ten seconds before it expires. Then the kubeconfig is read again, because kubectl
/// writes the token that it refreshes to it. Source: client-go plugin/pkg/client/auth/oidc.
/// </summary>
internal sealed class OidcCredentials : CredentialSource
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Func<string?> _reread;
    private readonly string _user;
    private readonly IScheduler _scheduler;
    private Credential _current = Credential.Anonymous;
    private DateTimeOffset _expires;
    private string _token = "";
    private bool _refused;

    /// <summary>Checks the token, which may have expired.</summary>
    /// <exception cref="KubeConfigurationException">It is not a JWT with an expiry.</exception>
    public OidcCredentials(string token, Func<string?> reread, string user, IScheduler scheduler)
    {
        (_reread, _user, _scheduler) = (reread, user, scheduler);
        Use(token);
    }

    public override string Description => $"the id-token of {_user}";

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if ((IsOver || _refused) && _reread() is { } token && token != _token)
            {
                Use(token);
            }

            _refused = false;
            return IsOver
                ? throw new KubeConfigurationException(
                    $"{Printable.Sentence(Description)} expired at {_expires:u}, and Rx.Kube does not refresh it. "
                    + "To fix: log in again; any kubectl command does, if the kubeconfig has a refresh-token. "
                    + "Or use an exec plugin (kubelogin, oidc-login), which is asked by itself.")
                : new ValueTask<Credential>(_current);
        }
    }

    public override void Refused(Credential used)
    {
        lock (_gate)
        {
            _refused |= used == _current;
        }
    }

    private bool IsOver => _expires - Early <= _scheduler.Now;

    private void Use(string token)
    {
        var bearer = Secrets.Token(token);
        _expires = (bearer is null ? null : ExpiryOf(bearer)) ?? throw new KubeConfigurationException(
            $"{Printable.Sentence(Description)} is not a JWT with an expiry. To fix: log in again.");
        (_token, _current) = (token, Credential.Bearer(bearer!));
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
