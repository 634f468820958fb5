using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// A bearer token in a file that is rotated from outside, as the kubelet rotates a service account's token. It is read again after a minute
/// and at once after a 401. If a read fails, the last good token stays in use until the server refuses it.
/// </summary>
internal sealed class TokenFileCredentials : CredentialSource
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly IStopwatch _clock;
    private readonly string _path;
    private readonly string _what;
    private readonly string _fix;
    private Credential? _current;
    private string _token = "";
    private TimeSpan _readAt;
    private bool _refused;

    /// <summary>Reads the file once, so that a missing file is an error at the start.</summary>
    public TokenFileCredentials(string path, string what, string fix, IScheduler scheduler)
    {
        (_path, _what, _fix) = (path, what, fix);
        _clock = scheduler.StartStopwatch();
        Read();
    }

    public override string Description => $"{_what} {Printable.Of(_path)}";

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_refused || _clock.Elapsed - _readAt >= _maxAge)
            {
                try
                {
                    Read();
                }
                catch (KubeConfigurationException) when (!_refused)
                {
                    // The file may be in the middle of a rotation. The last token is used; if it no longer works, a 401 follows.
                }
            }

            return new ValueTask<Credential>(_current!);
        }
    }

    public override void Refused(Credential used)
    {
        lock (_gate)
        {
            _refused |= used == _current;
        }
    }

    private void Read()
    {
        var token = Secrets.Token(ConfigFile.Read(_path, _what, _fix))
            ?? throw new KubeConfigurationException(
                $"{Printable.Sentence(Description)} contains no token: it is empty or not plain text. {_fix}");
        if (_current is null || token != _token)
        {
            (_token, _current) = (token, Credential.Bearer(token));
        }

        _readAt = _clock.Elapsed;
        _refused = false;
    }
}
