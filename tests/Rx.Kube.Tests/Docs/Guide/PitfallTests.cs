using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

/// <summary>The pitfalls of the guide exist, and their remedies work.</summary>
public sealed class PitfallTests
{
    private static readonly string Page = Repository.Read(GuidePage.Path);

    [Fact]
    public void An_expectation_after_the_clock_has_run_is_refused_with_the_message_on_the_page()
    {
        var clock = new VirtualClock();
        clock.Expect(clock.Cold("---|")).ToBe("---|");

        var error = Assert.Throws<InvalidOperationException>(() => clock.Expect(clock.Cold("a")));
        Assert.Contains(error.Message, Page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_without_an_end_is_stopped_with_the_message_on_the_page()
    {
        var clock = new VirtualClock();
        var endless = clock.Expect(Observable.Interval(TimeSpan.FromSeconds(1), clock).Select(_ => 'x'));

        var error = Assert.Throws<MarbleAssertionException>(() => endless.ToBe("1s x"));
        Assert.Contains(error.Message[..error.Message.IndexOf(" by ", StringComparison.Ordinal)], Page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_without_the_clock_emits_nothing_in_virtual_time()
    {
        var clock = new VirtualClock();
        GuidePage.Fails("nothing came", () => clock.Expect(clock.Cold("a").Throttle(TimeSpan.FromHours(1)), "^ 2m !").ToBe("1m a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Async_code_stays_in_virtual_time_without_a_context_and_with_the_immediate_scheduler(bool continueOnCapturedContext)
    {
        // <pitfall-async>
        SynchronizationContext.SetSynchronizationContext(null);
        var clock = new VirtualClock();
        var answer = Observable.FromAsync(AskAsync, ImmediateScheduler.Instance);
        // </pitfall-async>

        clock.Expect(answer).ToBe("2s (x|)");

        async Task<char> AskAsync()
        {
            await Timer().ConfigureAwait(continueOnCapturedContext);
            return 'x';

            Task<long> Timer()
            {
                var due = new TaskCompletionSource<long>();
                clock.ScheduleAbsolute(TimeSpan.FromSeconds(2).Ticks, () => due.SetResult(0));
                return due.Task;
            }
        }
    }

    [Fact]
    public void A_clients_own_timeout_does_not_see_the_virtual_clock()
    {
        var clock = new VirtualClock();
        using var http = new ScriptedHttp(clock) { Responses = [ScriptedResponse.Of("late", after: 300_000)] };
        using var client = new HttpClient(http);
        var answer = client.GetStringAsync(new Uri("http://kube/"));

        clock.Start();
        Assert.Equal(TimeSpan.FromSeconds(100), client.Timeout);
        Assert.Equal((300_000, TaskStatus.RanToCompletion), (clock.Frame(), answer.Status));
    }
}
