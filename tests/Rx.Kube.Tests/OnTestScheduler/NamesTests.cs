using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

/// <summary>Both namespaces in one file: no name is ambiguous, and each call means what it looks like.</summary>
public sealed class NamesTests : ReactiveTest
{
    /// <summary>Every public type of both packages, by its simple name.</summary>
    private static readonly Type[] _named =
    [
        typeof(ITestableObservable<>), typeof(ITestableObserver<>), typeof(ReactiveAssert), typeof(ReactiveTest), typeof(Recorded<>),
        typeof(Subscription), typeof(TestScheduler),

        typeof(DrawnMarbles<>), typeof(GrammarException), typeof(GrammarLog), typeof(GrammarValidation), typeof(ITestObservable<>),
        typeof(ITestObserver<>), typeof(MarbleAssertionException), typeof(MarbleAssertions), typeof(MarbleDiagram), typeof(MarbleErrors),
        typeof(MarbleFormatException), typeof(Marbles), typeof(ObservableExpectation<>), typeof(ScriptedHttp), typeof(ScriptedRequest),
        typeof(ScriptedResponse), typeof(ScriptedWatch<>), typeof(Slice), typeof(SliceJson), typeof(SubscriptionSpan), typeof(Timed),
        typeof(Timed<>), typeof(VirtualClock), typeof(VirtualTime), typeof(WatchEvents), typeof(WatchRequest), typeof(RawObject),
        typeof(Recording), typeof(RecordingException), typeof(RecordingHeader), typeof(RecordingObservable), typeof(RecordingOptions<>),
    ];

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void This_file_names_every_public_type_of_both_packages() =>
        Assert.Equal([], Exported().Except(_named).Select(t => t.FullName));

    [Fact]
    public void No_simple_name_is_exported_by_both_packages() =>
        Assert.Equal(
            [],
            Exported().GroupBy(t => t.Name.Split('`')[0])
                .Where(g => g.Select(t => t.Assembly).Distinct().Count() > 1).Select(g => g.Key));

    [Fact]
    public void The_methods_of_a_TestScheduler_stay_its_own()
    {
        ITestableObservable<char> hot = _scheduler.CreateHotObservable(OnNext(210, 'a'));
        ITestableObservable<char> cold = _scheduler.CreateColdObservable(OnNext(20, 'b'));

        ITestableObserver<char> seen = _scheduler.Start(() => hot.Merge(cold));

        seen.Messages.AssertEqual(OnNext(210, 'a'), OnNext(220, 'b'));
        hot.Subscriptions.AssertEqual(Subscribe(200, 1000));
        Assert.Empty(_scheduler.CreateObserver<char>().Messages);
    }

    [Fact]
    public void The_methods_of_Rx_Kube_Testing_work_on_a_TestScheduler_beside_them()
    {
        ITestObservable<char> marbles = _scheduler.Cold("-a-b|");
        ITestObservable<char> hot = _scheduler.CreateHotObservable(Timed.OnNext(250, 'a'));
        ITestObserver<char> seen = VirtualTime.CreateObserver<char>(_scheduler);
        _scheduler.Expect(marbles).ToBe("-a-b|");
        hot.Subscribe(seen);

        _scheduler.AdvanceBy(TimeSpan.FromSeconds(1));
        _scheduler.AdvanceBy(250);

        seen.Messages.AssertEqual();
        hot.Subscriptions.AssertEqual(new SubscriptionSpan(hot.Subscriptions[0].Subscribe));
        marbles.Subscriptions.AssertEqual(new SubscriptionSpan(1, (4 * VirtualTime.TicksPerFrame) + 1));
        marbles.ToHaveSubscriptions("^---!");
    }

    private static IEnumerable<Type> Exported() =>
        new[] { typeof(TestScheduler).Assembly, typeof(VirtualClock).Assembly }
            .SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested);
}
