using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests;

public sealed class ScriptedWatchTests
{
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", version: 18).With("cache-0", "10.0.0.1");

    private static readonly Dictionary<char, WatchEvent<EndpointSlice>> _events = new()
    {
        ['l'] = WatchEvents.Listed("17", _slice.At(12)),
        ['a'] = _slice.Added(),
        ['m'] = _slice.At(19).Modified(),
        ['d'] = _slice.Deleted(20),
        ['b'] = WatchEvents.Bookmark<EndpointSlice>("21"),
    };

    [Theory, ClassData(typeof(Clocks))]
    public void Plays_its_lists_and_connections_in_order_and_records_its_requests(string clockName)
    {
        var clock = Clocks.New(clockName);
        var server = new ScriptedWatch<EndpointSlice>(clock, _events)
        {
            Lists = ["--(l|)"],
            Connections = ["a-m-|", "#gone", "d---b"],
        };
        var client = server.List(ListOptions.MostRecent).SelectMany(l => server.Watch(new(l.ResourceVersion)))
            .Concat(Later(server, "19", 800)).Catch(Later(server, "19", 100));
        var seen = clock.CreateObserver<WatchEvent<EndpointSlice>>();

        using (client.Subscribe(seen))
        {
            clock.AdvanceTo(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(
            [
                (2, new WatchEvent<EndpointSlice>.Opened()), (2, _events['a']), (4, _events['m']),
                (906, new WatchEvent<EndpointSlice>.Opened()), (906, _events['d']), (910, _events['b']),
            ],
            seen.Messages.Select(m => (m.Frame, m.Value.Value)));
        server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 2 ms", "watch from 19 at 806 ms", "watch from 19 at 906 ms");
        Assert.Equal([2, 6, 806, 10_000], server.Requests.Select(r => r.End));

        IObservable<WatchEvent<EndpointSlice>> Later(ScriptedWatch<EndpointSlice> server, string version, int ms) =>
            Observable.Timer(TimeSpan.FromMilliseconds(ms), clock).SelectMany(_ => server.Watch(new(version)));
    }

    [Theory, ClassData(typeof(Clocks))]
    public void The_example_of_its_documentation_holds(string clockName)
    {
        var clock = Clocks.New(clockName);
        var slice = Slice.Of("cache-abc", service: "cache", version: 18).With("cache-0", "10.0.0.1");
        var events = new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['o'] = WatchEvents.Opened<EndpointSlice>(),
            ['l'] = WatchEvents.Listed("17", slice.At(12)),
            ['a'] = slice.Modified(),
        };
        var server = new ScriptedWatch<EndpointSlice>(clock, events) { Lists = ["--(l|)"], Connections = ["a-|", "#gone"] };
        var client = server.List(ListOptions.MostRecent).SelectMany(l => server.Watch(new(l.ResourceVersion)));

        clock.Expect(client).ToBe("--[oa]-|", events);
        server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 2 ms");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void An_outage_breaks_open_requests_refuses_new_ones_and_uses_no_answer(string clockName)
    {
        var clock = Clocks.New(clockName);
        var server = new ScriptedWatch<EndpointSlice>(clock, _events)
        {
            Connections = ["a-m 5s d", "--b"],
            Outages = ["3s ^ 1s !", "8s ^ 1s !"],
        };
        var watch = server.Watch(new("17")).Where(e => e is not WatchEvent<EndpointSlice>.Opened);
        var broken = clock.Expect(watch);
        var refused = clock.Expect(watch, "3500ms ^");
        var answered = clock.Expect(watch, "4001ms ^");

        broken.ToBe("a-m 2997ms #unreachable", _events, MarbleErrors.Kubernetes);
        refused.ToBe("3500ms #unreachable", _events, MarbleErrors.Kubernetes);
        answered.ToBe("4001ms --b 3996ms #unreachable", _events, MarbleErrors.Kubernetes);
        Assert.Equal([3000, 3500, 8000], server.Requests.Select(r => r.End));
        server.ToHaveBeenAsked("watch from 17 at 0 ms", "watch from 17 at 3500 ms", "watch from 17 at 4001 ms");
    }

    [Theory]
    [InlineData("--(^a)", "Opened@2 Added@2")]
    [InlineData("a", "Opened@0 Added@0")]
    [InlineData("--a|", "Opened@0 Added@2 |@3")]
    [InlineData("---|", "Opened@0 |@3")]
    [InlineData("--#forbidden", "#@2")]
    [InlineData("--^-a", "Opened@2 Added@4")]
    [InlineData("^-#gone", "Opened@0 #@2")]
    [InlineData("a#", "Opened@0 Added@0 #@1")]
    [InlineData("", "Opened@0")]
    public void A_connection_opens_at_its_first_frame_unless_it_is_refused_or_says_otherwise(string diagram, string expected)
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, _events) { Connections = [diagram] };
        var seen = clock.CreateObserver<WatchEvent<EndpointSlice>>();

        server.Watch(new("17")).Subscribe(seen);
        clock.Start();

        Assert.Equal(expected, string.Join(' ', seen.Messages.Select(m => m.Value.Kind switch
        {
            System.Reactive.NotificationKind.OnNext => $"{m.Value.Value.GetType().Name}@{m.Frame}",
            System.Reactive.NotificationKind.OnError => $"#@{m.Frame}",
            _ => $"|@{m.Frame}",
        })));
    }

    [Fact]
    public void Names_the_errors_of_an_API_server()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, _events)
        {
            Connections = [.. MarbleErrors.Kubernetes.Select(e => "#" + e.Key)],
        };
        var errors = MarbleErrors.Kubernetes.Select(_ =>
        {
            Exception? error = null;
            server.Watch(new("1")).Subscribe(_ => { }, e => error = e);
            clock.Start();
            return error!;
        }).ToList();

        Assert.IsType<KubeTransportException>(errors[0]);
        Assert.Equal(
            [410, 429, 401, 403, 404, 409, 500, 503, 504], errors.OfType<KubeStatusException>().Select(e => e.Status.Code));
        Assert.True(Assert.IsType<KubeStatusException>(errors[1]).IsGone);
    }

    [Fact]
    public void A_request_beyond_the_script_is_recorded_and_never_answered()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, _events);
        var seen = clock.CreateObserver<WatchEvent<EndpointSlice>>();

        var list = server.List(new() { NotOlderThan = "5" });
        Assert.Empty(server.Requests);
        using (list.Subscribe(seen))
        {
            clock.AdvanceTo(TimeSpan.FromHours(1));
            Assert.Null(server.Requests[0].End);
        }

        Assert.Empty(seen.Messages);
        Assert.Equal(3_600_000, server.Requests[0].End);
        server.ToHaveBeenAsked("list not older than 5 at 0 ms");
    }

    [Fact]
    public void A_request_that_differs_is_described()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, _events);
        server.Watch(new("17")).Subscribe();

        var late = Assert.Throws<MarbleAssertionException>(() => server.ToHaveBeenAsked("watch from 17 at 0 ms", "list at 9 ms"));
        Assert.StartsWith("Request 2 differs: expected list at 9 ms, but it was nothing more.", late.Message, StringComparison.Ordinal);
        Assert.Throws<MarbleAssertionException>(() => server.ToHaveBeenAsked());
        Assert.Throws<MarbleAssertionException>(() => server.ToHaveBeenAsked("watch from 18 at 0 ms"));
    }

    [Fact]
    public void Requests_without_an_answer_and_unused_answers_are_part_of_the_failure()
    {
        var clock = new VirtualClock();
        var server = new ScriptedWatch<EndpointSlice>(clock, _events) { Lists = ["(l|)"], Connections = ["a", "b"] };
        var expectation = clock.Expect(Observable.Merge(server.Watch(new("17")), server.List().Concat(server.List())));

        var failure = Assert.Throws<MarbleAssertionException>(() => expectation.ToBe("l", _events)).Message;

        Assert.EndsWith(
            """
            ScriptedWatch has no answer for: list at 0 ms
            ScriptedWatch was not asked for: watch "b"
            """.ReplaceLineEndings(), failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l", "(a|)", 2)]
    [InlineData("l", "-x", 2)]
    [InlineData("c", "--l", 3)]
    [InlineData("c", "a-^", 3)]
    [InlineData("c", "-#nonsense", 3)]
    [InlineData("o", "10s", 4)]
    public void A_script_that_makes_no_sense_is_refused_with_the_column(string what, string diagram, int column)
    {
        var error = Assert.Throws<MarbleFormatException>(() => new ScriptedWatch<EndpointSlice>(new VirtualClock(), _events)
        {
            Lists = what == "l" ? [diagram] : [],
            Connections = what == "c" ? [diagram] : [],
            Outages = what == "o" ? [diagram] : [],
        });
        Assert.Equal(column, error.Column);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var clock = new VirtualClock();
        Assert.Throws<ArgumentNullException>(() => new ScriptedWatch<string>(null!, _ => WatchEvents.Added("x", "1")));
        Assert.Throws<ArgumentNullException>(() => new ScriptedWatch<string>(clock, (Func<char, WatchEvent<string>>)null!));
        var server = new ScriptedWatch<string>(clock, c => WatchEvents.Added($"{c}", "1"));
        Assert.Throws<ArgumentNullException>(() => server.List(null!));
        Assert.Throws<ArgumentNullException>(() => server.Watch(null!));
        Assert.Throws<ArgumentNullException>(() => server.ToHaveBeenAsked(null!));
    }
}
