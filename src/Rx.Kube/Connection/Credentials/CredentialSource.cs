namespace Rx.Kube;

/// <summary>The source of an identity. Thread-safe.</summary>
internal abstract class CredentialSource
{
    /// <summary>What the identity is and where it is configured, for error messages; never a secret.</summary>
    public abstract string Description { get; }

    /// <summary>What <see cref="GetAsync"/> waits for now; null for nothing.</summary>
    public virtual string? WaitingFor => null;

    /// <summary>Returns the identity to use now, refreshed if that is due.</summary>
    /// <exception cref="KubeConfigurationException">No identity could be obtained.</exception>
    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reports that the server answered 401 to an identity. If it is still the current one, the next <see cref="GetAsync"/> refreshes it.
    /// </summary>
    public virtual void Refused(Credential used)
    {
    }
}

/// <summary>An identity that never changes: a token or password in the kubeconfig, or none.</summary>
internal sealed class StaticCredentials(Credential credential, string description) : CredentialSource
{
    public override string Description => description;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => new(credential);
}

/// <summary>An application's own authorization. Each credential is a new object, so that a 401 is retried once.</summary>
internal sealed class CallbackCredentials(Func<HttpRequestMessage, CancellationToken, Task> authorize) : CredentialSource
{
    public override string Description => "the application's authorize callback";

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => new(new Credential { Authorize = authorize });
}

/// <summary>A client certificate from one source together with a token or password from another.</summary>
internal sealed class CombinedCredentials(CredentialSource certificate, CredentialSource authorization) : CredentialSource
{
    private sealed record Pair(Credential Certificate, Credential Authorization, Credential Both);

    private Pair? _pair;

    public override string Description => $"{certificate.Description} and {authorization.Description}";

    public override string? WaitingFor => certificate.WaitingFor ?? authorization.WaitingFor;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        var first = await certificate.GetAsync(cancellationToken).ConfigureAwait(false);
        var second = await authorization.GetAsync(cancellationToken).ConfigureAwait(false);
        var pair = Volatile.Read(ref _pair);
        if (pair?.Certificate != first || pair.Authorization != second)
        {
            // The authorizing source's own certificate, if it has one (an exec plugin may), takes precedence.
            var both = new Credential { Authorization = second.Authorization, Certificate = second.Certificate ?? first.Certificate };
            pair = new Pair(first, second, both);
            Volatile.Write(ref _pair, pair);
        }

        return pair.Both;
    }

    public override void Refused(Credential used)
    {
        if (Volatile.Read(ref _pair) is { } pair && pair.Both == used)
        {
            certificate.Refused(pair.Certificate);
            authorization.Refused(pair.Authorization);
        }
    }
}
