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
    private readonly string _first;
    private IdToken? _latest;

    /// <summary>Checks the token, which may have expired.</summary>
    /// <exception cref="KubeConfigurationException">It is not a JWT with an expiry.</exception>
    public OidcCredentials(string token, Func<string?> reread, string user, KubeConnectionOptions options)
        : base(options.Scheduler, options.Environment.OffThread)
    {
        (_first, _reread, _user, _scheduler) = (token, reread, user, options.Scheduler);
        Begin();
    }

    public override string Description => $"the id-token of {_user}";

    protected override bool IsDue(Credential current, bool refused, TimeSpan age) =>
        refused || !(Volatile.Read(ref _latest) is { } latest && latest.Credential == current && !IsOver(latest));

    protected override bool ServesOn(bool refused) => false;

    protected override Credential Load(Credential? current)
    {
        var latest = _latest is not { } last ? Read(_first)
            : _reread() is { } token && token != last.Text ? Read(token)
            : last;
        Volatile.Write(ref _latest, latest);
        return current is null || !IsOver(latest) ? latest.Credential : throw new KubeConfigurationException(
            $"{Printable.Sentence(Description)} expired at {latest.Expires:u}, and Rx.Kube does not refresh it. "
            + "To fix: log in again; any kubectl command does, if the kubeconfig has a refresh-token. "
            + "Or use an exec plugin (kubelogin, oidc-login), which is asked by itself.");
    }

    // An expiry may be the first second that a time can be.
    private bool IsOver(IdToken token) => token.Expires <= _scheduler.Now + Early;

    private IdToken Read(string token)
    {
        var bearer = Secrets.Token(token);
        var expires = (bearer is null ? null : ExpiryOf(bearer)) ?? throw new KubeConfigurationException(
            $"{Printable.Sentence(Description)} is not a JWT with an expiry. To fix: log in again.");
        return new IdToken(token, expires, Credential.Bearer(bearer!));
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

    private sealed record IdToken(string Text, DateTimeOffset Expires, Credential Credential);
}
