using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// A bearer token in a file that somebody else rotates, as the kubelet does with a service account's. Re-read when it is a minute
/// old and at once after a 401. Where a re-read fails the last good token stays in use until the server refuses it.
/// </summary>
internal sealed class TokenFileCredentials : CredentialSource
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly IStopwatch _clock;
    private readonly string _path;
    private readonly string _what;
    private readonly string _cure;
    private Credential? _current;
    private string _token = "";
    private TimeSpan _readAt;
    private bool _refused;

    /// <summary>Reads the file once, so that a missing one is known at the start.</summary>
    public TokenFileCredentials(string path, string what, string cure, IScheduler scheduler)
    {
        (_path, _what, _cure) = (path, what, cure);
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
                catch (KubeConfigException) when (!_refused)
                {
                    // In the middle of a rotation perhaps: what was read last still works, else the 401 will tell.
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
        var token = Secrets.Token(ConfigFile.Read(_path, _what, _cure))
            ?? throw new KubeConfigException($"{Printable.Sentence(Description)} holds no token: it is empty or not plain text. {_cure}");
        if (_current is null || token != _token)
        {
            (_token, _current) = (token, Credential.Bearer(token));
        }

        _readAt = _clock.Elapsed;
        _refused = false;
    }
}
