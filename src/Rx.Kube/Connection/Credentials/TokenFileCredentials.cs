namespace Rx.Kube;

/// <summary>
/// A bearer token in a file that is rotated from outside, as the kubelet rotates a service account's token. It is read again after a minute
/// and at once after a 401. If a read fails, the last good token stays in use until the server refuses it.
/// </summary>
internal sealed class TokenFileCredentials : FileCredentials
{
    private readonly string _path;
    private readonly string _what;
    private readonly string _fix;
    private readonly ConnectionLimits _limits;
    private string _token = "";

    /// <summary>Reads the file once, so that a missing file is an error at the start.</summary>
    public TokenFileCredentials(string path, string what, string fix, KubeConnectionOptions options)
        : base(options.Scheduler, options.Environment.OffThread)
    {
        (_path, _what, _fix, _limits) = (path, what, fix, options.Limits);
        Begin();
    }

    public override string Description => $"{_what} {Printable.Of(_path)}";

    protected override bool ServesOn(bool refused) => !refused;

    protected override Credential Load(Credential? current)
    {
        var token = Secrets.Token(ConfigFile.Read(_path, _what, _fix, _limits))
            ?? throw new KubeConfigurationException(
                $"{Printable.Sentence(Description)} contains no token: it is empty or not plain text. {_fix}");
        if (current is not null && token == _token)
        {
            return current;
        }

        _token = token;
        return Credential.Bearer(token);
    }
}
