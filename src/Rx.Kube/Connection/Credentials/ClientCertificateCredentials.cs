namespace Rx.Kube;

/// <summary>
/// A client certificate in files, which may be rotated, or in the kubeconfig itself. Files are read again after a minute and after a 401;
/// if they cannot be used, the last good certificate stays in use.
/// </summary>
internal sealed class ClientCertificateCredentials : FileCredentials
{
    private readonly PemSource _certificate;
    private readonly PemSource _key;
    private readonly Notices _notices;
    private (byte[] Certificate, byte[] Key) _loaded = ([], []);

    public ClientCertificateCredentials(PemSource certificate, PemSource key, KubeConnectionOptions options)
        : base(options.Scheduler, options.Environment.OffThread)
    {
        (_certificate, _key, _notices) = (certificate, key, options.Notices);
        Begin();
    }

    public override string Description => _certificate.Description;

    // Certificate and key are two files, so a read can see half of a rotation. The next read sees the rest.
    protected override bool ServesOn(bool refused) => true;

    protected override Credential Load(Credential? current)
    {
        var (certificate, key) = (_certificate.Read(), _key.Read());
        if (current is not null && certificate.AsSpan().SequenceEqual(_loaded.Certificate) && key.AsSpan().SequenceEqual(_loaded.Key))
        {
            return current;
        }

        var loaded = ClientCertificateLoader.Load(certificate, key, _certificate.Description, _key.Description);
        _loaded = (certificate, key);
        var credential = new Credential { Certificate = loaded };
        _notices.TellSkipped(credential);
        return credential;
    }
}
