using Rx.Kube.Models;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Testing.Tests.Recordings;

/// <summary>A recorded stream is the stream: the laws of operators hold.</summary>
public sealed class RecordToContractTests : OperatorContract<WatchEvent<EndpointSlice>, WatchEvent<EndpointSlice>>
{
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", version: 17).With("cache-0", "10.0.0.1");

    private static readonly Dictionary<char, WatchEvent<EndpointSlice>> _events = new()
    {
        ['l'] = WatchEvents.Listed("17", _slice),
        ['m'] = _slice.At(18).Modified(),
        ['i'] = WatchEvents.Interrupted<EndpointSlice>(),
        ['r'] = WatchEvents.Resumed<EndpointSlice>(),
    };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("-l-m-i-r-m|", "-l-m-i-r-m|"), ("[lm]--i", "[lm]--i")];

    protected override WatchEvent<EndpointSlice> Value(char key) => _events[key];

    protected override char Key(WatchEvent<EndpointSlice> value) => _events.Single(e => ReferenceEquals(e.Value, value)).Key;

    protected override IObservable<WatchEvent<EndpointSlice>> Apply(IObservable<WatchEvent<EndpointSlice>> source, TestClock clock) =>
        source.RecordTo(() => new MemoryStream(), scheduler: clock);
}
