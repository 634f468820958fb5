namespace Rx.Kube;

/// <summary>
/// The credentials that an exec plugin returned, kept until they expire or the server refuses them. The plugin runs once for any number of
/// waiting requests; a cancelled request leaves it running for the others and for the next one.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, KubeConnectionOptions options, CancellationToken lifetime) : CredentialSource
{
    private readonly Lock _gate = new();
    private Credential? _current;
    private DateTimeOffset? _expires;
    private Task<Credential>? _running;

    public override string Description => plugin.Description;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is not null && !(_expires <= options.Scheduler.Now))
            {
                return new ValueTask<Credential>(_current);
            }

            if (_running is null || _running.IsCompleted)
            {
                _running = RunAsync();
            }

            return new ValueTask<Credential>(_running.WaitAsync(cancellationToken));
        }
    }

    public override void Refused(Credential used)
    {
        lock (_gate)
        {
            _current = used == _current ? null : _current;
        }
    }

    private async Task<Credential> RunAsync()
    {
        var output = await options.Environment.RunPlugin(plugin, options.ExecTimeout, options.Scheduler, lifetime).ConfigureAwait(false);
        var (credential, expires) = ExecCredentialReader.Read(plugin, output);
        if (expires <= options.Scheduler.Now)
        {
            throw ExecPluginRunner.Failed(plugin, $"returned credentials that expired at {expires:u} (check the clock of this machine)");
        }

        lock (_gate)
        {
            (_current, _expires) = (credential, expires);
        }

        return credential;
    }
}
