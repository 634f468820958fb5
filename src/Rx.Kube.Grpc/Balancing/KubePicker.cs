using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Rx.Kube;

/// <summary>
/// Chooses the connection of an attempt. A call waits for a connection that is being opened, so that a key goes to its owner from the first
/// call on; an address to which the last attempt to connect failed is passed over until it answers.
/// </summary>
internal sealed class KubePicker(Backends backends, TrafficTurns turns, string? header, int? replicas) : SubchannelPicker
{
    // gRFC A6: absent in the first attempt, then the number of attempts before this one, of a retry or a hedge.
    private const string PreviousAttempts = "grpc-previous-rpc-attempts";

    public override PickResult Pick(PickContext context)
    {
        if (context.Request is not { } request || KeyOf(request) is not { Length: > 0 } key)
        {
            return InTurn(context.Request is { } plain ? AttemptOf(plain) : 0);
        }

        if (backends.Ring is not { } ring)
        {
            return PickResult.ForFailure(new(StatusCode.Unavailable, "The topology has no ring."));
        }

        var members = new RingMember[Math.Min(replicas ?? ring.Replicas.ReplicationFactor, ring.Ring.Members.Length)];
        var found = ring.Ring.GetReplicas(KeyHash.Of(key), members);
        return OneOf(members.AsSpan(0, found), AttemptOf(request));
    }

    private string? KeyOf(HttpRequestMessage request) =>
        header is not null && request.Headers.TryGetValues(header, out var values) ? string.Join(',', values) : null;

    private static int AttemptOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues(PreviousAttempts, out var values) &&
        int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts)
            ? attempts
            : 0;

    private PickResult OneOf(ReadOnlySpan<RingMember> members, int attempt)
    {
        // A member that leaves gets calls only when every replica leaves.
        var usable = Usable(members, isDraining: false) is { Count: > 0 } ready ? ready : Usable(members, isDraining: true);
        for (var i = 0; i < usable.Count; i++)
        {
            foreach (var backend in usable[(int)(((uint)attempt + (uint)i) % (uint)usable.Count)])
            {
                if (backend.IsConnected)
                {
                    return PickResult.ForSubchannel(backend.Subchannel);
                }

                backend.ConnectIfIdle();
                if (backend.Failure is null)
                {
                    return PickResult.ForQueue();
                }
            }
        }

        return PickResult.ForFailure(Failure(
            usable.SelectMany(replica => replica),
            $"No replica of the key can be used: {string.Join(", ", members.ToArray().Select(StateOf))}."));
    }

    // The replicas in their order, each with its addresses: of a dual-stack Service it has two.
    private List<IEnumerable<Backend>> Usable(ReadOnlySpan<RingMember> members, bool isDraining)
    {
        var usable = new List<IEnumerable<Backend>>(members.Length);
        foreach (var member in members)
        {
            var found = backends.Of(member.Name);
            if (Array.Exists(found, one => one.IsDraining == isDraining))
            {
                usable.Add(found.Where(one => one.IsDraining == isDraining).Select(one => one.Backend));
            }
        }

        return usable;
    }

    private PickResult InTurn(int failed) =>
        InTurn(backends.Near, failed) ?? InTurn(backends.Far, failed)
        ?? PickResult.ForFailure(Failure(backends.Near.Concat(backends.Far), "No endpoint can be used."));

    // Null if none can be reached. An address that fails passes its turn on; one that is being opened has it, but a call without a key has
    // no reason to wait for it while another one is connected.
    private PickResult? InTurn(Backend[] all, int failed)
    {
        if (turns.Next(all, 0, static (backend, _) => backend.IsOpenOrOpening(), failed) is not { } next)
        {
            return null;
        }

        for (var (i, start) = (0, next.IsConnected ? 0 : Array.IndexOf(all, next)); i < all.Length && !next.IsConnected; i++)
        {
            next = all[(start + i) % all.Length];
        }

        return next.IsConnected ? PickResult.ForSubchannel(next.Subchannel) : PickResult.ForQueue();
    }

    private string StateOf(RingMember member) => $"{Printable.Of(member.Name, 100)} is " + (backends.Of(member.Name) switch
    {
        [] => "not ready, or gone",
        var found => $"not reached at {string.Join(" and ", found.Select(one => AddressOf(one.Backend.Route)))}",
    });

    private static string AddressOf(Route route) => Printable.Of($"{route.EndPoint.Host}:{route.EndPoint.Port}");

    private static Status Failure(IEnumerable<Backend> tried, string detail) =>
        tried.Select(backend => backend.Failure).LastOrDefault(failure => failure is not null) is { } last
            ? new(StatusCode.Unavailable, $"{detail} {Printable.Of(last.Detail)}", last.DebugException)
            : new(StatusCode.Unavailable, detail);
}
