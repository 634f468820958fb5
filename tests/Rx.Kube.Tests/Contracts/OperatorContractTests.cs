using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reflection;
using Rx.Kube.Testing.Tests;
using Law = Rx.Kube.Tests.Contracts.OperatorContract<char, char>;
using Operator = System.Func<
    System.IObservable<char>, System.Reactive.Concurrency.VirtualTimeScheduler<long, long>, System.IObservable<char>>;

namespace Rx.Kube.Tests.Contracts;

/// <summary>Each law passes a good operator, and fails one that breaks it.</summary>
public sealed class OperatorContractTests
{
    private static readonly Dictionary<string, Operator> _broken = new()
    {
        [nameof(Law.Bad_arguments_are_refused_at_the_call)] = (source, _) => Observable.Defer(() => source),
        [nameof(Law.Each_source_leads_to_what_is_drawn)] = (source, _) => source.Where(c => c != 'b'),
        [nameof(Law.Nothing_happens_before_a_subscription)] = (source, _) => source.Replay().AutoConnect(0),
        [nameof(Law.Disposed_in_any_frame_it_is_silent_and_unsubscribes)] = (source, clock) => source.Merge(ATimerIsLeft(clock)),
        [nameof(Law.Disposed_inside_OnNext_it_is_silent_and_unsubscribes)] = (source, _) => new Deaf(source),
        [nameof(Law.An_exception_in_OnNext_reaches_the_caller_of_the_clock_and_ends_the_subscription)] = (source, _) => Swallowing(source),
        [nameof(Law.A_second_subscription_starts_from_nothing)] = (source, _) => source.Where(new HashSet<char>().Add),
        [nameof(Law.A_source_that_never_emits_leads_to_what_is_drawn)] = (source, _) => source.StartWith('x'),
        [nameof(Law.An_empty_source_leads_to_what_is_drawn)] = (source, _) => source.DefaultIfEmpty('x'),
        [nameof(Law.An_error_passes_at_once_and_drops_buffered_values)] = (source, _) => source.Catch(Observable.Empty<char>()),
        [nameof(Law.The_source_is_subscribed_to_once_and_until_its_end)] = (source, _) => source.Merge(source.Where(_ => false)),
        [nameof(Law.Concurrent_subscriptions_share_nothing)] = (source, _) => source.Publish().RefCount(),
        [nameof(Law.A_source_that_throws_in_Subscribe_becomes_the_error)] = (source, _) => new Deaf(source),
        [nameof(Law.An_exception_of_user_code_becomes_the_error)] = (source, _) => source.Catch(Observable.Empty<char>()),
    };

    public static IEnumerable<object[]> Laws =>
        from law in typeof(Law).GetMethods()
        where law.IsDefined(typeof(FactAttribute)) && law.Name != nameof(Law.Several_events_in_one_frame_are_among_the_examples)
        from clock in Clocks.Names
        select new object[] { law.Name, clock };

    [Theory]
    [MemberData(nameof(Laws))]
    public void Each_law_finds_an_operator_that_breaks_it(string law, string clock)
    {
        var check = typeof(Law).GetMethod(law)!;

        check.Invoke(new Contract((source, _) => source.Select(c => c), clock), null);
        Assert.Throws<TargetInvocationException>(() => check.Invoke(new Contract(_broken[law], clock), null));
    }

    private static IObservable<char> ATimerIsLeft(TestClock clock) => Observable.Create<char>(observer =>
    {
        clock.Schedule(TimeSpan.FromSeconds(1), () => { });
        observer.OnCompleted();
        return Disposable.Empty;
    });

    private static IObservable<char> Swallowing(IObservable<char> source) => Observable.Create<char>(observer => source.Subscribe(
        c =>
        {
            try
            {
                observer.OnNext(c);
            }
            catch (Exception e)
            {
                observer.OnError(e);
            }
        },
        observer.OnError,
        observer.OnCompleted));

    private sealed class Contract(Operator subject, string runsOn) : OperatorContract<char, char>
    {
        protected override IReadOnlyList<string> RunsOn => [runsOn];

        protected override IReadOnlyList<(string Source, string Result)> Examples => [("a-[bc]-|", "a-[bc]-|"), ("-(ab)-b#", "-(ab)-b#")];

        protected override IObservable<char> Apply(IObservable<char> source, TestClock clock) => subject(source, clock);

        protected override char Value(char key) => key;

        protected override char Key(char value) => value;

        protected override IEnumerable<(string Source, string Result, Operator Apply)> Throwing(Exception mine) =>
            [("-a-b", "-#", (source, clock) => subject(source.Select(char (_) => throw mine), clock))];
    }

    /// <summary>Continues after its disposal.</summary>
    private sealed class Deaf(IObservable<char> source) : IObservable<char>
    {
        public IDisposable Subscribe(IObserver<char> observer)
        {
            source.Subscribe(observer);
            return Disposable.Empty;
        }
    }
}
