using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// An identity in files that are rotated from outside. They are read again when <see cref="IsDue"/> says so, on a thread of their own and
/// once for all requests that wait; a cancelled request does not end the read. A file that hangs delays these requests for at most
/// <see cref="ConnectionLimits.MaxFileTime"/>.
/// </summary>
/// <param name="scheduler">The clock.</param>
/// <param name="offThread">Calls a function that reads files: <see cref="ConfigFile.OffThread"/>.</param>
internal abstract class FileCredentials(IScheduler scheduler, Func<Func<Credential>, Task<Credential>> offThread) : CredentialSource
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private Credential _current = Credential.Anonymous;
    private Task<Credential>? _reading;
    private TimeSpan _readAt;
    private bool _refused;

    public override string? WaitingFor => Volatile.Read(ref _reading) is { IsCompleted: false } ? Description : null;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!IsDue(_current, _refused, _clock.Elapsed - _readAt))
            {
                return new ValueTask<Credential>(_current);
            }

            return new ValueTask<Credential>(ReadAsync(cancellationToken));
        }
    }

    public override void Refused(Credential used)
    {
        lock (_gate)
        {
            _refused |= used == _current;
        }
    }

    /// <summary>Reads the files for the first time, so that what is missing or wrong is an error at the start.</summary>
    protected Credential Begin()
    {
        _current = Load(null);
        _readAt = _clock.Elapsed;
        return _current;
    }

    /// <summary>Reads the files. Never called twice at a time.</summary>
    /// <param name="current">The last identity; null for none. It is returned if nothing has changed.</param>
    /// <exception cref="KubeConfigurationException">A file cannot be read or used.</exception>
    protected abstract Credential Load(Credential? current);

    /// <summary>Whether the last identity serves on after the files could not be read.</summary>
    /// <param name="refused">Whether the server has refused it.</param>
    protected abstract bool ServesOn(bool refused);

    /// <summary>Whether the files are read before the next request.</summary>
    protected virtual bool IsDue(Credential current, bool refused, TimeSpan age) => refused || age >= _maxAge;

    // A read that began before a refusal may have what was refused: then another one follows it.
    private async Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<Credential> reading;
            lock (_gate)
            {
                if (_reading is null || _reading.IsCompleted)
                {
                    Volatile.Write(ref _reading, ReadOnceAsync(_current, _refused));
                }

                reading = _reading;
            }

            await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                // Not what this read gave: one who is late may find that another read has followed it.
                if (!_refused)
                {
                    return _current;
                }
            }
        }
    }

    private async Task<Credential> ReadOnceAsync(Credential last, bool refused)
    {
        try
        {
            var now = await offThread(() => Load(last)).ConfigureAwait(false);
            Use(now, last, refused);
            return now;
        }
        catch (KubeConfigurationException) when (ServesOn(refused))
        {
            // The files may be in the middle of a rotation.
            if (refused)
            {
                Use(last, last, refused);
            }

            return last;
        }
    }

    private void Use(Credential credential, Credential last, bool refused)
    {
        lock (_gate)
        {
            var refusedMeanwhile = _refused && !refused && credential == last;
            (_current, _readAt, _refused) = (credential, _clock.Elapsed, refusedMeanwhile);
        }
    }
}
