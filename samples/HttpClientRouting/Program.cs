// Asks the pods of the Service "cache" for keys, each at its owner or, when that pod is dead, at the next replica: HttpClientRouting KEY...
using Rx.Kube;
using Rx.Kube.Samples;
await using var demo = args.Contains("--demo")
    ? await DemoPods.StartAsync((pod, name) => pod.MapGet("/{key}", () => name))
    : null;
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.AddKubeTopology("cache");
builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
builder.Services.AddHttpClient("cache", client => client.BaseAddress = new("http://cache"))
    .AddKubeRouting(routing => routing.ByKey(request => Uri.UnescapeDataString(request.RequestUri!.Segments[^1])).Replicas(2))
    .AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(100));
if (demo is not null) builder.Services.AddKubeConnection(connection => connection.Server = demo.ApiServer);
using var host = builder.Build();
try { await host.StartAsync(); }
catch (KubeConfigurationException) { return 3; }                        // no configuration: the host has logged it
using var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("cache");

var (lost, answers) = (0, new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal));
string[] keys = demo is null ? args : [.. Enumerable.Range(0, 200).Select(i => $"user-{i % 10}")];
foreach (var (i, key) in keys.Index())
{
    if (i == 100 && demo is not null) await demo.KillAsync("cache-0");  // its slice still lists it
    try
    {
        var answer = await http.GetStringAsync(new Uri(key, UriKind.Relative));
        (answers.TryGetValue(key, out var others) ? others : answers[key] = []).Add(answer);
    }
    catch (HttpRequestException e)
    {
        Console.Error.WriteLine($"{key}: {e.Message} ({++lost} lost)");
    }
}

foreach (var (key, answered) in answers) Console.WriteLine($"{key}: {string.Join(", then ", answered)}");
Console.WriteLine($"{keys.Length} requests, {lost} lost");
return lost == 0 ? 0 : 1;
