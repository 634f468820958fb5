using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;

namespace Rx.Kube.Testing.Tests;

public sealed class ScriptedHttpTests
{
    private static readonly Dictionary<char, string> _lines = new() { ['a'] = "one\n", ['b'] = "two\n", ['h'] = "thr", ['t'] = "ee\n" };

    [Theory, ClassData(typeof(Clocks))]
    public void Bytes_come_at_their_frames_on_the_thread_of_the_clock(string name)
    {
        var clock = Clocks.New(name);
        var http = new ScriptedHttp(clock) { Responses = [new("--^-a--h 1s (tb)-|", _lines)] };
        using var client = Client(http);
        var threads = new HashSet<int>();

        clock.Expect(Watch(client, "watch?from=17").Do(_ => Note(), Note))
            .ToBe("----a 1003ms (tb)-|", Lines);

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        var request = Assert.Single(http.Requests);
        Assert.Equal("GET /watch?from=17 at 0 ms", request.ToString());
        Assert.Equal("17", request.Query("from"));
        Assert.Null(request.Query("other"));
        Assert.True(request.IsAnswered);
        Assert.Equal(1013, request.End);

        void Note() => threads.Add(Environment.CurrentManagedThreadId);
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_run_stays_on_its_thread_with_the_context_of_a_test_runner(string name)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new ForeignContext());
        try
        {
            Bytes_come_at_their_frames_on_the_thread_of_the_clock(name);
            Assert.IsType<ForeignContext>(SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    [Theory, ClassData(typeof(Clocks))]
    public void An_hour_of_reconnects_asserts_the_time_of_every_attempt(string name)
    {
        var clock = Clocks.New(name);
        var http = new ScriptedHttp(clock)
        {
            Responses = [.. Enumerable.Repeat<ScriptedResponse>(new("5ms ^ 994ms a", _lines), 100)],
        };
        using var client = Client(http);

        // Silent after one line: the client gives up after 5 s of silence, and retries 29 s later.
        var watch = Watch(client, "watch").Timeout(TimeSpan.FromSeconds(5), clock).Catch(Observable.Empty<string>());
        var seen = clock.CreateObserver<string>();
        using (watch.Concat(Observable.Empty<string>().Delay(TimeSpan.FromSeconds(29), clock)).Repeat().Subscribe(seen))
        {
            clock.AdvanceTo(TimeSpan.FromHours(1));
        }

        Assert.Equal(103, http.Requests.Count);
        Assert.All(http.Requests.Take(100), (r, i) => Assert.Equal((i * 35_000, (i * 35_000) + 6_000), (r.Frame, r.End)));
        Assert.All(seen.Messages, (m, i) => Assert.Equal((i * 35_000) + 1_000, m.Frame));
        Assert.Equal(100, seen.Messages.Count);
        Assert.All(http.Requests.Skip(100), r => Assert.False(r.IsAnswered));
    }

    [Fact]
    public async Task Status_headers_and_body_are_as_scripted()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock)
        {
            Responses =
            [
                new("(b|)", new Dictionary<char, string> { ['b'] = SliceJson.Status(429, "TooManyRequests", retryAfter: 7) })
                {
                    Status = HttpStatusCode.TooManyRequests,
                    Headers = new Dictionary<string, string> { ["Retry-After"] = "7", ["Content-Type"] = "application/yaml" },
                },
                ScriptedResponse.Of("{}", after: 5),
            ],
        };
        using var client = Client(http);
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://kube/api?labelSelector=app%3Dx+y&watch");
        message.Headers.Authorization = new("Bearer", "secret");

        var (refused, accepted) = (client.SendAsync(message), client.GetStringAsync(new Uri("http://kube/")));
        Assert.False(refused.IsCompleted);
        clock.Start();

        Assert.True(refused.IsCompletedSuccessfully && accepted.IsCompletedSuccessfully);
        using var response = await refused;
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.Equal("application/yaml", response.Content.Headers.ContentType?.MediaType);
        Assert.Same(message, response.RequestMessage);
        Assert.Contains("\"retryAfterSeconds\":7", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("{}", await accepted);

        var request = http.Requests[0];
        Assert.Equal(("app=x y", ""), (request.Query("labelSelector"), request.Query("watch")));
        Assert.Equal("Bearer secret", request.Headers["authorization"]);
        Assert.DoesNotContain("secret", request.ToString(), StringComparison.Ordinal);
        Assert.Equal([0, 5], http.Requests.Select(r => r.End));
    }

    [Theory]
    [InlineData("--#", "--#", typeof(HttpRequestException))]
    [InlineData("--#untrusted", "--#", typeof(HttpRequestException))]
    [InlineData("a-#", "a-#", typeof(HttpIOException))]
    [InlineData("^--#reset", "---#", typeof(HttpIOException))]
    [InlineData("a-h|", "a--|", null)]
    [InlineData("|", "|", null)]
    public void A_connection_can_be_refused_or_break(string script, string expected, Type? error)
    {
        var clock = new VirtualClock();
        using var client = Client(new ScriptedHttp(clock) { Responses = [new(script, _lines)] });
        Exception? seen = null;

        clock.Expect(Watch(client, "watch").Do(_ => { }, e => seen = e)).ToBe(expected, Lines);

        Assert.Equal(error, seen?.GetType());
    }

    [Theory]
    [InlineData("----a", "^-!", 2)]
    [InlineData("--^ 10ms a", "^----!", 5)]
    [InlineData("a---b", "^-!", 2)]
    [InlineData("a|", "^----!", 1)]
    public void Dispose_ends_the_request_before_and_after_its_headers(string script, string subscription, int end)
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock) { Responses = [new(script, _lines)] };
        using var client = Client(http);

        clock.Expect(Watch(client, "watch"), subscription).ToBe(script[0] == 'a' ? script.Split('-')[0] : "", Lines);

        Assert.Equal(end, http.Requests[0].End);
    }

    [Fact]
    public void Each_request_gets_the_first_answer_that_is_for_it()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock)
        {
            Responses =
            [
                new("a|", _lines) { For = r => r.Query("watch") == "1" },
                new("b|", _lines),
                new("aa|", _lines) { For = r => r.Path == "/list" },
            ],
        };
        using var client = Client(http);
        var list = clock.Expect(Watch(client, "list"));
        var watch = clock.Expect(Watch(client, "w?watch=1"));
        var again = clock.Expect(Watch(client, "list"));
        var more = clock.Expect(Watch(client, "w"));

        list.ToBe("b|", Lines);
        watch.ToBe("a|", Lines);
        again.ToBe("aa|", Lines);
        more.ToBe("", Lines);
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_function_answers_what_the_script_does_not(string name)
    {
        var clock = Clocks.New(name);
        var http = new ScriptedHttp(clock)
        {
            Responses = [new("b|", _lines) { For = r => r.Path == "/first" }],
            Answer = r => r.Path == "/none" ? null : new($"{r.Frame}ms (^a|)", _lines),
        };
        using var client = Client(http);
        var later = Observable.Timer(TimeSpan.FromMilliseconds(7), clock);
        var first = clock.Expect(Watch(client, "first"));
        var second = clock.Expect(later.SelectMany(_ => Watch(client, "first")));
        var none = clock.Expect(Watch(client, "none"));

        first.ToBe("b|", Lines);
        second.ToBe("14ms (a|)", Lines);
        none.ToBe("", Lines);
        Assert.Equal(
            """
            GET /first at 0 ms: 200 "b|", over at 1 ms
            GET /none at 0 ms: no answer, open
            GET /first at 7 ms: 200 "7ms (^a|)", over at 14 ms
            """.ReplaceLineEndings(),
            http.ToString());
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_body_may_be_any_stream_and_its_faults_are_composed(string name)
    {
        var clock = Clocks.New(name);
        var lines = clock.Hot("-a---b---a", key => Encoding.UTF8.GetBytes(_lines[key]));
        var http = new ScriptedHttp(clock)
        {
            Responses =
            [
                new(lines, after: 3),
                new(lines.TakeUntil(Observable.Timer(TimeSpan.FromMilliseconds(6), clock))
                    .Concat(Observable.Throw<byte[]>(MarbleErrors.Http["reset"]))),
                new(Observable.Return<byte[]>([10])) { Status = HttpStatusCode.Accepted },
            ],
        };
        using var client = Client(http);
        var (late, broken, atOnce) = (
            clock.Expect(Watch(client, "a"), "^ 7ms !"), clock.Expect(Watch(client, "b")), clock.Expect(Watch(client, "c")));

        late.ToBe("-----b", Lines);
        broken.ToBe("-a---b#", Lines);
        atOnce.ToBe("(x|)", _ => "");

        // Subscribed to at the headers, and disposed at the end of the request.
        lines.ToHaveSubscriptions("^-----!", "---^----!");
        Assert.Equal([8, 6, 0], http.Requests.Select(r => r.End));
    }

    [Fact]
    public void Requests_without_an_answer_and_unused_answers_are_part_of_the_failure()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock) { Responses = [new("a|", _lines) { For = r => r.Path == "/lists" }] };
        using var client = Client(http);
        var expectation = clock.Expect(Watch(client, "list"));
        const string Note = """
            ScriptedHttp has no answer for: GET /list at 0 ms
            ScriptedHttp was not asked for: 200 "a|"
            """;

        var expected = Assert.Throws<MarbleAssertionException>(() => expectation.ToBe("a|", Lines));
        var asked = Assert.Throws<MarbleAssertionException>(() => http.ToHaveBeenAsked());
        Assert.EndsWith(Note.ReplaceLineEndings(), expected.Message, StringComparison.Ordinal);
        Assert.EndsWith(Note.ReplaceLineEndings(), asked.Message, StringComparison.Ordinal);
        http.ToHaveBeenAsked("GET /list at 0 ms");
        Assert.Equal($"GET /list at 0 ms: no answer, open{Environment.NewLine}not asked for: 200 \"a|\"", http.ToString());
    }

    [Fact]
    public void A_script_that_throws_stops_the_clock_and_does_not_look_like_a_network()
    {
        var clock = new VirtualClock();
        using var client = Client(new ScriptedHttp(clock) { Answer = _ => throw new FormatException("my mistake") });

        Watch(client, "x").Subscribe(_ => { }, _ => Assert.Fail("it looks like a network"));

        Assert.Equal("my mistake", Assert.Throws<FormatException>(clock.Start).Message);
    }

    [Fact]
    public async Task A_waiting_read_ends_at_once_when_the_response_is_disposed()
    {
        var clock = new VirtualClock();
        using var client = Client(new ScriptedHttp(clock) { Responses = [new("^ 1s a|", _lines)] });
        var get = client.GetAsync(new Uri("http://kube/"), HttpCompletionOption.ResponseHeadersRead);
        clock.AdvanceTo(1);
        var response = await get;
        var read = (await response.Content.ReadAsStreamAsync()).ReadAsync(new byte[10]).AsTask();

        Assert.False(read.IsCompleted);
        response.Dispose();

        Assert.IsType<ObjectDisposedException>(read.Exception?.InnerException);
        Assert.True(clock.IsIdle);
    }

    [Fact]
    public async Task After_the_headers_the_token_of_the_request_has_no_effect()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock) { Responses = [new("^-a|", _lines)] };
        using var client = new HttpMessageInvoker(http);
        using var cancellation = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://kube/");
        var get = client.SendAsync(request, cancellation.Token);
        clock.AdvanceTo(1);
        using var response = await get;

        await cancellation.CancelAsync();
        var body = response.Content.ReadAsStringAsync();
        clock.Start();

        Assert.True(body.IsCompletedSuccessfully);
        Assert.Equal("one\n", await body);

        // The request ended with its body, not with the disposal of the response.
        clock.AdvanceBy(TimeSpan.FromSeconds(1));
        response.Dispose();
        Assert.Equal(3, http.Requests[0].End);
    }

    [Fact]
    public void A_request_that_is_cancelled_before_it_is_sent_uses_no_answer()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock) { Responses = [ScriptedResponse.Of("one")] };
        using var client = new HttpMessageInvoker(http);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://kube/");

        var cancelled = client.SendAsync(request, new(canceled: true));
        var answered = client.SendAsync(request, CancellationToken.None);
        clock.Start();

        Assert.True(cancelled.IsCanceled);
        Assert.True(answered.IsCompletedSuccessfully);
        Assert.Equal([false, true], http.Requests.Select(r => r.IsAnswered));
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_client_that_cancels_at_the_headers_never_subscribes_to_the_body(string name)
    {
        var clock = Clocks.New(name);
        var lines = clock.Hot("-a", key => Encoding.UTF8.GetBytes(_lines[key]));
        var http = new ScriptedHttp(clock) { Responses = [new(lines)] };
        using var client = Client(http);

        var done = Head();
        clock.Start();

        Assert.True(done.IsCompletedSuccessfully);
        lines.ToHaveSubscriptions();
        Assert.Equal(0, Assert.Single(http.Requests).End);

        async Task Head()
        {
            using var response = await client.GetAsync(new Uri("http://kube/"), HttpCompletionOption.ResponseHeadersRead)
                .ConfigureAwait(false);
        }
    }

    [Fact]
    public async Task A_body_larger_than_a_read_comes_whole()
    {
        var clock = new VirtualClock();
        var all = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        using var client = Client(new ScriptedHttp(clock) { Responses = [new("aaa|", _ => all)] });

        var body = client.GetByteArrayAsync(new Uri("http://kube/"));
        clock.Start();

        Assert.True(body.IsCompletedSuccessfully);
        Assert.True(all.Concat(all).Concat(all).SequenceEqual(await body));
    }

    [Fact]
    public void A_script_that_makes_no_sense_is_refused()
    {
        Assert.Equal(3, Assert.Throws<MarbleFormatException>(() => new ScriptedResponse("a-x", _lines)).Column);
        Assert.Equal(2, Assert.Throws<MarbleFormatException>(() => new ScriptedResponse("#what", _lines)).Column);
        Assert.Equal(2, Assert.Throws<MarbleFormatException>(() => new ScriptedResponse("a^", _lines)).Column);
        Assert.Equal(3, Assert.Throws<MarbleFormatException>(() => new ScriptedResponse("a-b", k => k == 'a' ? [] : null!)).Column);
        Assert.Throws<ArgumentNullException>(() => new ScriptedResponse("a", (Dictionary<char, string>)null!));
        Assert.Throws<ArgumentNullException>(() => new ScriptedResponse(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScriptedResponse(Observable.Never<byte[]>(), after: -1));
        Assert.Throws<ArgumentNullException>(() => new ScriptedHttp(new VirtualClock()).ToHaveBeenAsked(null!));
        Assert.Throws<ArgumentNullException>(() => new ScriptedHttp(null!));
        Assert.Throws<ArgumentNullException>(() => new ScriptedHttp(new VirtualClock()) { Responses = [null!] });
    }

    private static string Lines(char key) => key == 't' ? "three" : _lines[key].TrimEnd();

    private static HttpClient Client(ScriptedHttp http) =>
        new(http) { Timeout = Timeout.InfiniteTimeSpan, BaseAddress = new("http://kube/") };

    /// <summary>Reads lines as a watch does: headers first, then a pipe.</summary>
    private static IObservable<string> Watch(HttpClient client, string path) => Observable.Create<string>(async (observer, cancellation) =>
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                observer.OnNext(Encoding.UTF8.GetString(buffer.Slice(0, end)));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    });

    private sealed class ForeignContext : SynchronizationContext;
}
