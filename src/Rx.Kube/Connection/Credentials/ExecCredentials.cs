using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// The credentials that an exec plugin returned, kept until they expire or the server refuses them. Those that have expired when they
/// arrive serve the requests that wait for them, as in client-go (exec.go). The plugin runs once for any number of waiting requests; a
/// cancelled request leaves it running for the others and for the next one.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, KubeConnectionOptions options, Notices notices, CancellationToken lifetime)
    : CredentialSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private Credential? _current;
    private DateTimeOffset? _expires;
    private Task<Credential>? _running;

    public override string Description => plugin.Description;

    public override string? WaitingFor => Volatile.Read(ref _running) is { IsCompleted: false } ? plugin.Description : null;

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
        using var waiting = options.Scheduler.Schedule(Patience, () => notices.Tell(
            ConnectionNoticeKind.PluginWaits,
            $"{Printable.Sentence(plugin.Description)} has been running for {Patience.TotalSeconds:0} s, and requests wait for it"));
        var output = await options.Environment.RunPlugin(
            plugin, options, line => notices.Tell(ConnectionNoticeKind.PluginOutput, line), lifetime)
            .ConfigureAwait(false);
        var (credential, expires) = ExecCredentialReader.Read(plugin, output, options.Limits, options.Outside);
        notices.TellSkipped(credential);
        lock (_gate)
        {
            (_current, _expires) = (credential, expires);
        }

        return credential;
    }
}
