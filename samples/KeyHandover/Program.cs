// The keys of a sharded cache: none is lost when it scales out, scales in and restarts. With --demo, all members run in this process.
using System.Collections.Concurrent;
using System.Reactive.Linq;
using Rx.Kube;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
string Option(string name, string otherwise) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault(otherwise);
await using var server = args.Contains("--demo") ? await ApiServerSimulator.StartAsync() : null;
using var kube = server is null ? KubeConnection.Default() : KubeConnection.To(server.Url);
var rings = kube.EndpointSlices(kube.Namespace, Option("--service", "cache"))
    .Resume().ToTopology().WhereSynced().WhereNotTerminating().ToRingView();       // a member gives its keys away before it stops
if (server is null) // one member of the Service in your cluster, named as its pod: prints from whom it would fetch what
    return await rings.Ownership(Option("--self", Environment.MachineName)).SelectMany(c => c.GainedFrom).Do(
        gained => Console.WriteLine($"fetch {gained.Ranges.Length} ranges from {gained.From}")).Select(_ => 0).LastOrDefaultAsync();
var network = new ConcurrentDictionary<string, ConcurrentDictionary<string, string>>(); // who answers, and with which keys
var members = new Dictionary<string, (IObservable<OwnershipChange<RingMember>> Changes, IDisposable Running)>();
var (seed, slice, ring) = (int.Parse(Option("--seed", "1")), Slice.Of("cache-abc", service: "cache"), default(ReplicatedRing<RingMember>));
var (random, moved, keys) = (new Random(seed), 0, Enumerable.Range(0, 1000).Select(i => $"key-{i}").ToArray());
for (var run = 0; run <= int.Parse(Option("--runs", "10")); run++)
{
    var (before, names) = (ring, members.Keys.Order().ToArray());
    string[] leaves = [.. names.OrderBy(_ => random.Next()).Take(Math.Min(random.Next(3), names.Length - 1))];
    string[] joins = [.. Enumerable.Range(0, 9).Select(i => $"cache-{i}").Except(names).Take(run == 0 ? 3 : random.Next(3))];
    var down = run > 0 && leaves.Length == 0 ? names[random.Next(names.Length)] : null; // it restarts; others join meanwhile
    if (network.TryRemove(down ?? "", out var disk)) members[down!].Running.Dispose();
    var stay = names.Concat(joins).Except(leaves).ToHashSet();
    slice = joins.Concat(leaves).Aggregate(slice, (s, n) => s.With(n, $"10.0.0.{n[^1]}", stay.Contains(n), terminating: !stay.Contains(n)));
    server.Cluster.Apply(slice.Manifest());
    foreach (var name in joins) Start(name, network[name] = new());                           // it is in its slice before it runs
    foreach (var name in names.Concat(joins).OrderBy(name => name == down))
    {
        if (name == down) Start(name, network[name] = disk!, before!.OwnedBy(new(name)).Select(owned => owned.Range));
        ring = (await members[name].Changes.FirstAsync(c => stay.SetEquals(c.Ring.Members.Select(m => m.Name)))).Ring;
    }
    server.Cluster.Apply((slice = leaves.Aggregate(slice, (s, name) => s.Without(name))).Manifest());
    foreach (var name in leaves) if (network.TryRemove(name, out _) && members.Remove(name, out var left)) left.Running.Dispose();
    if (run == 0) foreach (var key in keys) network[OwnerOf(key)][key] = key;
    (var moves, var lost, var did, moved) = (ring!.DiffFrom(before).Moves, keys.Count(k => !network[OwnerOf(k)].ContainsKey(k)), moved, 0);
    var must = run == 0 ? 0 : keys.Count(key => moves.Any(move => move.Range.Contains(key)));
    Console.WriteLine($"seed {seed} run {run}: +{joins.Length} -{leaves.Length} ~{down}: {did} of {must} keys, {lost} lost");
    if (lost > 0 || did != must) return 1;
}
return 0;
string OwnerOf(string key) => ring!.ReplicasOf(key).Members[0].Name;
void Start(string name, ConcurrentDictionary<string, string> data, IEnumerable<KeyRange>? kept = null)
{
    var changes = rings.Ownership(name, kept).Do(change =>                         // the first ring is a change, too
    {
        foreach (var (from, ranges) in change.GainedFrom) Move(from.Name, name, key => ranges.Any(range => range.Contains(key)));
        foreach (var key in data.Keys.Where(key => !change.Holds(key)))            // hand over what the others have not fetched
            Move(name, change.Ring.ReplicasOf(key).Members[0].Name, key.Equals);
    }).Replay(1);
    members[name] = (changes, changes.Connect());
}
void Move(string from, string to, Func<string, bool> which)
{
    SpinWait.SpinUntil(() => network.ContainsKey(to)); // until it runs
    foreach (var (key, value) in network.GetValueOrDefault(from)?.Where(entry => which(entry.Key)) ?? [])
        if (network[to].TryAdd(key, value) && network[from].TryRemove(key, out _)) Interlocked.Increment(ref moved);
}
