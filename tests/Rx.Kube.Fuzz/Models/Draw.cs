using System.Collections.Frozen;
using System.Collections.Immutable;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Models;

/// <summary>Random objects of each kind, as the decoders give them.</summary>
internal static class Draw
{
    private static readonly DateTimeOffset _epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ObjectMeta Metadata(Dice dice) => new()
    {
        Name = dice.OneIn(8) ? "n" + Words.Any(dice) : dice.Of<string>(["cache-0", "cache-1", "cache-2", "cache-3"]),
        Namespace = dice.OneIn(4) ? Words.Any(dice) : "default",
        Uid = dice.OneIn(2) ? Words.Any(dice) : "",
        ResourceVersion = dice.OneIn(8) ? "" : Words.Version(dice),
        Labels = Labels(dice),
        LastChangeTriggerTime = dice.OneIn(4) ? Time(dice) : null,
        DeletionTimestamp = dice.OneIn(8) ? Time(dice) : null,
        Controller = dice.OneIn(4) ? new OwnerReference(Words.Any(dice), Words.Any(dice), Words.Any(dice)) : null,
    };

    public static EndpointSlice Slice(Dice dice) => new()
    {
        Metadata = Metadata(dice),
        AddressType = dice.OneIn(4) ? Words.Any(dice) : "IPv4",
        Endpoints = [.. Many(dice, Endpoint)],
        Ports = Array(dice, Port),
    };

    public static LegacyEndpoints Endpoints(Dice dice) => new()
    {
        Metadata = Metadata(dice),
        IsTruncated = dice.OneIn(8),
        Subsets = Array(dice, d => new EndpointSubset
        {
            Addresses = Array(d, Address),
            NotReadyAddresses = Array(d, Address),
            Ports = Array(d, Port),
        }),
    };

    public static Pod Pod(Dice dice) => new()
    {
        Metadata = Metadata(dice),
        NodeName = Optional(dice) is { Length: > 0 } node ? node : null,
        IPs = [.. Many(dice, Words.Any).Where(ip => ip.Length > 0)],
        Phase = Words.Any(dice),
        Ready = dice.OneIn(2),
    };

    public static Node Node(Dice dice) => new() { Metadata = Metadata(dice), Ready = dice.OneIn(2), Unschedulable = dice.OneIn(2) };

    public static Cache Cache(Dice dice) => new(Metadata(dice))
    {
        Spec = dice.OneIn(6) ? null : new CacheSpec(dice.Below(9), Optional(dice))
        {
            Tags = [.. Many(dice, Words.Any)],
            Limits = Many(dice, Words.Any).Distinct().ToDictionary(name => name, _ => (long)dice.Below(1000)),
        },
    };

    private static Endpoint Endpoint(Dice dice) => new()
    {
        Addresses = Array(dice, Words.Any),
        Ready = Flag(dice),
        Serving = Flag(dice),
        Terminating = Flag(dice),
        Hostname = Optional(dice),
        NodeName = Optional(dice),
        Zone = Optional(dice),
        TargetRef = dice.OneIn(3) ? Target(dice) : null,
        ForZones = dice.OneIn(4) ? Array(dice, Words.Any) : [],
        ForNodes = dice.OneIn(8) ? Array(dice, Words.Any) : [],
    };

    private static EndpointPort Port(Dice dice) => new(
        Words.Any(dice), dice.OneIn(8) ? null : dice.Below(70_000), dice.Of<string>(["TCP", "UDP", "SCTP"]),
        dice.OneIn(4) ? Words.Any(dice) : null);

    private static EndpointAddress Address(Dice dice) =>
        new(Words.Any(dice), Optional(dice), Optional(dice), dice.OneIn(3) ? Target(dice) : null);

    private static TargetReference Target(Dice dice) => new("Pod", "default", Words.Any(dice), Words.Any(dice));

    private static FrozenDictionary<string, string> Labels(Dice dice)
    {
        var labels = new Dictionary<string, string>();
        if (!dice.OneIn(3))
        {
            labels[EndpointSlice.ServiceNameLabel] = dice.OneIn(5) ? Words.Any(dice) : "cache";
        }

        for (var i = dice.Below(3); i > 0; i--)
        {
            labels[Words.Any(dice)] = Words.Any(dice);
        }

        return labels.Count == 0 ? FrozenDictionary<string, string>.Empty : labels.ToFrozenDictionary();
    }

    private static DateTimeOffset Time(Dice dice) => _epoch.AddSeconds(dice.Below(100_000_000));

    private static bool? Flag(Dice dice) => dice.Below(3) switch { 0 => null, 1 => true, _ => false };

    private static string? Optional(Dice dice) => dice.OneIn(2) ? null : Words.Any(dice);

    private static ImmutableArray<T> Array<T>(Dice dice, Func<Dice, T> one) => [.. Many(dice, one)];

    private static List<T> Many<T>(Dice dice, Func<Dice, T> one)
    {
        var all = new List<T>();
        for (var i = dice.OneIn(60) ? dice.Below(30) : dice.Below(4); i > 0; i--)
        {
            all.Add(one(dice));
        }

        return all;
    }
}
