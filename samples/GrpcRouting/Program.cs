// Asks the pods of the Service "cache" by gRPC, each key at its owner or, when that pod is dead, at the next replica: GrpcRouting KEY...
using Grpc.Core;
using GrpcRouting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rx.Kube;
using Rx.Kube.Samples;
await using var demo = args.Contains("--demo")
    ? await DemoPods.StartAsync((pod, _) => pod.MapGrpcService<Greeter>(), s => s.AddGrpc(), HttpProtocols.Http2)
    : null;
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.AddKubeTopology("cache");
builder.Services.AddGrpcClient<GreeterClient>(client => client.Address = new("k8s:///cache:grpc"))
    .AddKubeLoadBalancing(balancing => balancing.ByHeader("x-key").Replicas(2).Retry());
if (demo is not null) builder.Services.AddKubeConnection(connection => connection.Server = demo.ApiServer);
using var host = builder.Build();
try { await host.StartAsync(); }
catch (KubeConfigurationException) { return 3; }                        // no configuration: the host has logged it
var client = host.Services.GetRequiredService<GreeterClient>();

var (lost, answers) = (0, new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal));
string[] keys = demo is null ? args : [.. Enumerable.Range(0, 200).Select(i => $"user-{i % 10}")];
foreach (var (i, key) in keys.Index())
{
    if (i == 100 && demo is not null) await demo.KillAsync("cache-0");  // its slice still lists it
    try
    {
        var answer = await client.GreetAsync(key);
        (answers.TryGetValue(key, out var others) ? others : answers[key] = []).Add(answer);
    }
    catch (RpcException e)
    {
        Console.Error.WriteLine($"{key}: {e.Status} ({++lost} lost)");
    }
}

foreach (var (key, answered) in answers) Console.WriteLine($"{key}: {string.Join(", then ", answered)}");
Console.WriteLine($"{keys.Length} calls, {lost} lost");
return lost == 0 ? 0 : 1;
