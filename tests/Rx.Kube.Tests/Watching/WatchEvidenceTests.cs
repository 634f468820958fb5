using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

public class WatchEvidenceTests
{
    private static readonly ResourceKind<string> _texts = new("", "v1", "pods", json => Encoding.UTF8.GetString(json));
    private static readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_known_before_the_first_byte()
    {
        var evidence = new WatchEvidence(new VirtualClock(_noon));

        Assert.Null(evidence.LastReceived);
        Assert.Null(evidence.Age);
        Assert.Equal("nothing received", evidence.ToString());
    }

    [Fact]
    public void A_jump_of_the_wall_clock_does_not_change_the_age()
    {
        var clock = new VirtualClock(_noon);
        var jumping = new JumpingClock(clock);
        var evidence = new WatchEvidence(jumping);
        evidence.Note();
        clock.AdvanceBy(TimeSpan.FromSeconds(3));

        jumping.Jumped = TimeSpan.FromHours(-2);

        Assert.Equal(TimeSpan.FromSeconds(3), evidence.Age);
        Assert.Equal(_noon - TimeSpan.FromHours(2), evidence.LastReceived); // on the wall clock as it is set now
        Assert.Equal("received 3.0 s ago", evidence.ToString());
    }

    [Fact]
    public void The_options_that_carry_it_compare_and_print_as_without_it()
    {
        var clock = new VirtualClock(_noon);
        var (first, second) = (new WatchEvidence(clock), new WatchEvidence(clock));
        second.Note();

        Assert.Equal(new WatchOptions("17") { Evidence = first }, new WatchOptions("17") { Evidence = second });
        Assert.Equal(new ListOptions { Evidence = first }.GetHashCode(), new ListOptions { Evidence = second }.GetHashCode());
        Assert.Equal(new WatchOptions("17").ToString(), new WatchOptions("17") { Evidence = second }.ToString());
        Assert.Equal(ListOptions.MostRecent.ToString(), new ListOptions { Evidence = second }.ToString());
    }

    [Fact]
    public void The_headers_of_a_watch_and_every_part_of_its_body_are_evidence_half_lines_included()
    {
        var (clock, evidence, heard) = Play(
            new ScriptedResponse("100ms ^ 100ms a 100ms b 100ms -", key => Encoding.UTF8.GetBytes(key == 'a' ? "{\"type\":\"ADD" : "ED\"")),
            (w, e) => w.Watch(new WatchOptions("17") { Evidence = e }).Select(_ => ""));

        Assert.Equal([100, 201, 302], heard);
        Assert.Equal(clock.Now - evidence.LastReceived, evidence.Age);
    }

    [Fact]
    public void The_headers_of_a_list_and_every_part_of_its_body_are_evidence()
    {
        var heard = Play(
            new ScriptedResponse("100ms ^ 100ms a 100ms b 100ms -", _ => "{"u8.ToArray()),
            (w, e) => w.List(new ListOptions { Evidence = e }).Select(_ => "")).Heard;

        Assert.Equal([100, 201, 302], heard);
    }

    [Fact]
    public void An_error_answer_is_no_evidence_because_a_proxy_may_have_sent_it()
    {
        var heard = Play(
            new ScriptedResponse("100ms (^s|)", _ => "no healthy upstream"u8.ToArray()) { Status = HttpStatusCode.ServiceUnavailable },
            (w, e) => w.Watch(new WatchOptions("17") { Evidence = e }).Select(_ => "")).Heard;

        Assert.Empty(heard);
    }

    [Fact]
    public async Task A_read_of_a_body_with_evidence_allocates_nothing()
    {
        var evidence = new WatchEvidence(DefaultScheduler.Instance);
        using var response = new HttpResponseMessage { Content = new StreamContent(new MemoryStream(new byte[10_000])) };
        using var body = await ResponseBody.OpenAsync(response, WatchEvidence.NotesOf(evidence), default);
        var buffer = new byte[1];
        var total = 0;
        await ReadAsync(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        await ReadAsync(5_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.Equal(5_100, total);

        async Task ReadAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                total += await body.ReadAsync(buffer.AsMemory());
            }
        }
    }

    /// <summary>Plays one answer, and looks at the evidence every millisecond.</summary>
    private static (VirtualClock Clock, WatchEvidence Evidence, IReadOnlyList<long> Heard) Play(
        ScriptedResponse answer, Func<IWatchable<string>, WatchEvidence, IObservable<string>> request)
    {
        var clock = new VirtualClock(_noon);
        var http = new ScriptedHttp(clock) { Responses = [answer] };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var evidence = new WatchEvidence(clock);
        var heard = new SortedSet<long>();
        using var subscription = request(connection.Resources(_texts), evidence).Subscribe(_ => { }, _ => { });
        for (var frame = 0; frame < 400; frame++)
        {
            clock.AdvanceBy(TimeSpan.FromMilliseconds(1));
            if (evidence.LastReceived is { } at)
            {
                heard.Add((long)(at - _noon).TotalMilliseconds);
            }
        }

        return (clock, evidence, [.. heard]);
    }
}
