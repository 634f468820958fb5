using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// Faults of replies on the network: any chunks, delays, breaks, losses and refusals. After a given time, new replies only have
/// chunks and delays; earlier ones that were lost stay silent.
/// </summary>
internal sealed class Faults(VirtualTimeScheduler<long, long> clock, Random random, TimeSpan until)
{
    private bool _established;

    public ScriptedResponse? OnTheWay(Reply reply, ScriptedRequest request)
    {
        var body = reply.Body.Select(Chunks).Concat();
        if (request.Frame >= until.TotalMilliseconds)
        {
            return Response(body);
        }

        // Before the first watch is open, these errors end the stream; later they are retried.
        var refusals = _established ? 4 : 1;
        var cut = body.TakeUntil(Observable.Timer(Some(request.Query("watch") is null ? 10 : 8_000), clock));
        return random.Next(16) switch
        {
            0 => new($"{random.Next(50)}ms #{(random.Next(2) == 0 ? "refused" : "unresolved")}", Lines),
            1 => random.Next(3) > 0 ? Response(body) : null,
            2 => Status(429, "TooManyRequests", retryAfter: $"{random.Next(8)}"),
            3 => Status(random.Next(2) == 0 ? 500 : 503, "", retryAfter: random.Next(2) == 0 ? null : $"{random.Next(8)}"),
            4 => Status(random.Next(refusals) switch { 0 => 410, 1 => 401, 2 => 403, _ => 404 }, ""),
            5 or 6 => Response(cut.Concat(Observable.Throw<byte[]>(MarbleErrors.Http["reset"]))),
            7 or 8 => Response(cut),
            9 => Response(cut.Concat(Observable.Never<byte[]>())),
            10 => Response(cut.Concat(Observable.Return(Utf8(Lines[random.Next(3) switch { 0 => '?', 1 => 'g', _ => 'e' }])))),
            _ => Response(body),
        };

        ScriptedResponse Response(IObservable<byte[]> bytes)
        {
            _established |= request.Query("watch") is not null && (int)reply.Status == 200;
            return new(bytes, after: random.Next(30)) { Status = reply.Status };
        }
    }

    /// <summary>The same bytes in up to three chunks, one after another.</summary>
    private IObservable<byte[]> Chunks(byte[] bytes)
    {
        var (first, second) = (random.Next(bytes.Length + 1), random.Next(bytes.Length + 1));
        var (low, high) = (Math.Min(first, second), Math.Max(first, second));
        return new[] { bytes[..low], bytes[low..high], bytes[high..] }
            .Select(chunk => Observable.Timer(Some(3), clock).Select(_ => chunk)).Concat();
    }

    private TimeSpan Some(int milliseconds) => TimeSpan.FromMilliseconds(random.Next(milliseconds));
}
