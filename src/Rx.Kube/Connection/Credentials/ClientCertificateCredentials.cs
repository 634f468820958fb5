using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// A client certificate in files, which may be rotated, or in the kubeconfig itself. Files are read again after a minute and after a 401;
/// if they cannot be used, the last good certificate stays in use.
/// </summary>
internal sealed class ClientCertificateCredentials : CredentialSource
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly IStopwatch _clock;
    private readonly PemSource _certificate;
    private readonly PemSource _key;
    private readonly Notices _notices;
    private (byte[] Certificate, byte[] Key) _loaded = ([], []);
    private Credential _current = Credential.Anonymous;
    private TimeSpan _readAt;
    private bool _refused;

    public ClientCertificateCredentials(PemSource certificate, PemSource key, IScheduler scheduler, Notices notices)
    {
        (_certificate, _key, _notices) = (certificate, key, notices);
        _clock = scheduler.StartStopwatch();
        Load();
        notices.TellSkipped(_current);
    }

    public override string Description => _certificate.Description;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        Credential before, current;
        lock (_gate)
        {
            before = _current;
            if (_refused || _clock.Elapsed - _readAt >= _maxAge)
            {
                try
                {
                    Load();
                }
                catch (KubeConfigurationException)
                {
                    // Certificate and key are two files, so a read can see half of a rotation. The next read sees the rest.
                    _readAt = _clock.Elapsed;
                }

                _refused = false;
            }

            current = _current;
        }

        if (current != before)
        {
            _notices.TellSkipped(current);
        }

        return new ValueTask<Credential>(current);
    }

    public override void Refused(Credential used)
    {
        lock (_gate)
        {
            _refused |= used == _current;
        }
    }

    private void Load()
    {
        var (certificate, key) = (_certificate.Read(), _key.Read());
        if (!certificate.AsSpan().SequenceEqual(_loaded.Certificate) || !key.AsSpan().SequenceEqual(_loaded.Key))
        {
            var loaded = ClientCertificateLoader.Load(certificate, key, _certificate.Description, _key.Description);
            _current = new Credential { Certificate = loaded };
            _loaded = (certificate, key);
        }

        _readAt = _clock.Elapsed;
    }
}
