using System.Net;
using System.Reactive.Concurrency;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>
/// One request and its answer on the way through the network: what the server sends waits, is split, joined, late, cut or lost. Everything
/// keeps its order.
/// </summary>
internal sealed class Exchange
{
    /// <summary>A piece on the way: headers, bytes, or the end.</summary>
    private sealed record Item(byte[]? Bytes, Delivered? Meta, Action? Act, bool IsEnd = false);

    private readonly VirtualTimeScheduler<long, long> _clock;
    private readonly NetworkMode _mode;
    private readonly TaskCompletionSource<HttpResponseMessage> _response = new();
    private readonly ScriptedBody _body;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly List<Item> _held = [];
    private readonly List<Item> _joined = [];
    private long _free;
    private int _pending;
    private long? _deadSince;
    private bool _buffers;
    private bool _lateHeaders;
    private (int Class, Exception? Error)? _cut;
    private int _joinedRound;
    private int _pieces;

    public Exchange(VirtualTimeScheduler<long, long> clock, NetworkMode mode, WireRequest log, CancellationToken cancellationToken)
    {
        (_clock, _mode, Log) = (clock, mode, log);
        _body = new ScriptedBody(() => Over(Ending.Client));
        _cancellation = cancellationToken.UnsafeRegister(
            _ =>
            {
                Over(Ending.Client);
                _response.TrySetCanceled(cancellationToken);
            },
            null);
    }

    public WireRequest Log { get; }

    public Task<HttpResponseMessage> Response => _response.Task;

    public bool IsOver { get; private set; }

    public bool IsLost { get; private set; }

    // What the server keeps for a watch.
    public int Selection { get; set; }

    /// <summary>Whether the server sends events; false before the answer and after the end.</summary>
    public bool IsFed { get; set; }

    public List<State> History { get; set; } = null!;

    public int Index { get; set; }

    public int Lag { get; set; }

    public long Bookmarked { get; set; }

    public int GoneAfter { get; set; } = -1;

    private long Now => _clock.Clock / TimeSpan.TicksPerMillisecond;

    /// <summary>Holds everything until the end.</summary>
    public void Buffer()
    {
        _buffers = true;
        DeadNow();
    }

    /// <summary>Holds the headers until the first bytes.</summary>
    public void HoldHeaders() => _lateHeaders = true;

    public void Answer(HttpStatusCode status, params (string Name, string Value)[] headers) => Send(new(null, null, () =>
    {
        _cancellation.Unregister();
        (Log.Status, Log.Opened) = ((int)status, Now);
        var response = new HttpResponseMessage(status) { Content = new StreamContent(_body) };
        response.Content.Headers.TryAddWithoutValidation(
            "Content-Type",
            !Log.AcceptsProtobuf ? "application/json"
            : Log.IsWatch && status == HttpStatusCode.OK ? ProtobufAnswers.Type + ";stream=watch"
            : ProtobufAnswers.Type);
        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        _response.TrySetResult(response);
    }));

    /// <summary>Sends bytes that are one line or one body.</summary>
    public void Write(byte[] bytes, string type, string version) =>
        Send(new(Log.AcceptsProtobuf ? ProtobufAnswers.Of(bytes, type) : bytes, new(0, type, version), null));

    /// <summary>Ends the answer, cleanly or by breaking the connection.</summary>
    public void Finish(Exception? error = null)
    {
        IsFed = false;
        Send(new(null, null, () => End(error), IsEnd: true));
    }

    /// <summary>Breaks the connection in the next line, at a class of offset; at once for class 0.</summary>
    public void Cut(int offset, Exception? error)
    {
        if (offset == 0)
        {
            Finish(error);
            return;
        }

        _cut = (offset, error);
    }

    public void Disarm() => (_cut, GoneAfter) = (null, -1);

    /// <summary>Delivers nothing for a while, then everything.</summary>
    public void Stall(int milliseconds)
    {
        if (_deadSince is null && !IsOver)
        {
            DeadNow();
            _clock.ScheduleRelative(milliseconds * TimeSpan.TicksPerMillisecond, Revive);
        }
    }

    /// <summary>Delivers nothing ever.</summary>
    public void Lose()
    {
        IsLost = true;
        _deadSince ??= Now;
    }

    private void DeadNow() => _deadSince ??= Now;

    private void Revive()
    {
        if (_deadSince is { } since && !IsLost)
        {
            Log.Dead.Add((since, Now));
            _deadSince = null;
            var held = _held.ToArray();
            _held.Clear();
            foreach (var item in held)
            {
                Send(item);
            }
        }
    }

    private void Send(Item item)
    {
        if (IsOver || IsLost)
        {
            return;
        }

        if (_lateHeaders && item.Act is not null && !item.IsEnd)
        {
            _held.Add(item);
            return;
        }

        if (_lateHeaders)
        {
            _lateHeaders = false;
            var headers = _held.ToArray();
            _held.Clear();
            foreach (var held in headers)
            {
                Send(held);
            }
        }

        if (_buffers && item.IsEnd)
        {
            _buffers = false;
            Revive();
        }

        if (_deadSince is not null)
        {
            _held.Add(item);
            return;
        }

        if (item.Bytes is { } bytes && Log.IsWatch && _cut is var (offset, error))
        {
            _cut = null;
            IsFed = false;
            var length = Wire.Offset(bytes, offset);
            FlushJoined();
            Transmit(new(bytes[..length], length == bytes.Length ? item.Meta : null, null));
            Transmit(new(null, null, () => End(error), IsEnd: true));
            return;
        }

        if (item.Bytes is not null && Log.IsWatch && Now < _mode.CoalesceUntil)
        {
            _joined.Add(item);
            var round = _joinedRound;
            if (_joined.Count >= _mode.Coalesce)
            {
                FlushJoined();
            }
            else if (_joined.Count == 1)
            {
                _clock.ScheduleRelative(300 * TimeSpan.TicksPerMillisecond, () =>
                {
                    if (round == _joinedRound)
                    {
                        FlushJoined();
                    }
                });
            }

            return;
        }

        FlushJoined();
        Transmit(item);
    }

    private void FlushJoined()
    {
        if (_joined.Count == 0)
        {
            return;
        }

        _joinedRound++;
        var items = _joined.ToArray();
        _joined.Clear();
        At(0, () =>
        {
            foreach (var item in items)
            {
                Log.Lines.Add(item.Meta!.Value with { At = Now });
            }

            _body.Push([.. items.SelectMany(i => i.Bytes!)]);
        });
    }

    private void Transmit(Item item)
    {
        var delay = Now < _mode.DelayUntil ? Delay() : 0;
        if (item.Bytes is not { } bytes)
        {
            At(delay, item.Act!);
            return;
        }

        if (Now < _mode.SplitUntil && bytes.Length > 4)
        {
            var length = Math.Max(1, Wire.Offset(bytes, _mode.Split));
            if (length < bytes.Length)
            {
                At(delay, () => _body.Push(bytes[..length]));
                At(delay + 1, () => Deliver(bytes[length..], item.Meta));
                return;
            }
        }

        At(delay, () => Deliver(bytes, item.Meta));
    }

    // Each piece has a delay of its own, up to the most; nothing overtakes.
    private int Delay() => (int)(StableHash.Of("", "", ++_pieces, "") % (ulong)(_mode.Delay + 1));

    private void Deliver(byte[] bytes, Delivered? meta)
    {
        if (meta is { } whole)
        {
            Log.Lines.Add(whole with { At = Now });
        }

        _body.Push(bytes);
    }

    /// <summary>Acts after everything before, and not before a delay.</summary>
    private void At(int delay, Action act)
    {
        var due = Math.Max(_clock.Clock + (delay * TimeSpan.TicksPerMillisecond), _free);
        if (due <= _clock.Clock && _pending == 0)
        {
            act();
            return;
        }

        _free = due;
        _pending++;
        _clock.ScheduleAbsolute(due, () =>
        {
            _pending--;
            if (!IsOver && !IsLost)
            {
                act();
            }
        });
    }

    private void End(Exception? error)
    {
        Over(error is null && Log.Opened is not null ? Ending.Clean : Ending.Broken);
        if (Log.Opened is null)
        {
            _cancellation.Unregister();
            _response.TrySetException(BrokenConnection.BeforeHeaders(error));
            return;
        }

        _body.End(error);
    }

    private void Over(Ending ending)
    {
        if (!IsOver)
        {
            (IsOver, IsFed) = (true, false);
            (Log.End, Log.Ending) = (Now, ending);
            if (_deadSince is { } since)
            {
                Log.Dead.Add((since, Now));
            }
        }
    }
}
