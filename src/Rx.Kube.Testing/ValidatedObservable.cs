using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>
/// Implements IObservable and IObserver by hand, because Observable.Create would insert its own observer, which mutes exactly the calls
/// that this class looks for.
/// </summary>
internal sealed class ValidatedObservable<T>(IObservable<T> source, GrammarLog log, string name) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Validator(observer, log, name);
        subscription.To(source);
        return subscription;
    }

    /// <summary>One subscription. The lock is held only to read and write the state, never during calls to other code.</summary>
    private sealed class Validator(IObserver<T> observer, GrammarLog log, string name) : IObserver<T>, IDisposable
    {
        private readonly Lock _gate = new();
        private IDisposable? _subscription;
        private Call? _running;
        private Call? _end;
        private string? _disposedAt;
        private Exception? _thrownByObserver;

        public void To(IObservable<T> source)
        {
            try
            {
                _subscription = source.Subscribe(this);
            }
            catch (Exception e) when (e is not GrammarException && e != _thrownByObserver)
            {
                throw log.Record($"{name}: Subscribe threw{log.Now}: {MarbleText.Of(e)}", e);
            }

            if (_subscription is null)
            {
                log.Report($"{name}: Subscribe returned null{log.Now}");
            }
        }

        public void OnNext(T value) => Pass(Notification.CreateOnNext(value));

        public void OnError(Exception error)
        {
            if (error is null)
            {
                log.Report($"{name}: OnError was given null{log.Now}");
                return;
            }

            Pass(Notification.CreateOnError<T>(error));
        }

        public void OnCompleted() => Pass(Notification.CreateOnCompleted<T>());

        public void Dispose()
        {
            try
            {
                _subscription?.Dispose();
            }
            catch (Exception e) when (e is not GrammarException)
            {
                throw log.Record($"{name}: Dispose threw{log.Now}: {MarbleText.Of(e)}", e);
            }
            finally
            {
                lock (_gate)
                {
                    _disposedAt ??= log.Now;
                }
            }
        }

        private void Pass(Notification<T> what)
        {
            var call = new Call(what, Environment.CurrentManagedThreadId, log.Now);
            if (Begin(call) is { } violation)
            {
                log.Report($"{name}: {violation}");
                return;
            }

            try
            {
                what.Accept(observer);
            }
            catch (Exception e)
            {
                _thrownByObserver = e;
                throw;
            }
            finally
            {
                lock (_gate)
                {
                    _running = null;
                }
            }
        }

        /// <summary>Records the start of a call; returns the violation if it must not start.</summary>
        private string? Begin(Call call)
        {
            lock (_gate)
            {
                if (_running is not null)
                {
                    return _running.Thread == call.Thread
                        ? $"{call} began{call.At} inside {_running}"
                        : $"{call} began{call.At} on thread {call.Thread} while {_running} was still running on thread {_running.Thread}";
                }

                if (_end is not null)
                {
                    return $"{call} came{call.At} after {_end}{_end.At}";
                }

                if (_disposedAt is not null)
                {
                    return $"{call} began{call.At} after Dispose had returned{_disposedAt}";
                }

                (_running, _end) = (call, call.What.Kind == NotificationKind.OnNext ? null : call);
                return null;
            }
        }
    }

    private sealed record Call(Notification<T> What, int Thread, string At)
    {
        public override string ToString() => What.Kind switch
        {
            NotificationKind.OnNext => $"OnNext({MarbleText.Of(What.Value)})",
            NotificationKind.OnError => $"OnError({MarbleText.Of(What.Exception!)})",
            _ => "OnCompleted",
        };
    }
}
