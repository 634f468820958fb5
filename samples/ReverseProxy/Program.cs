// A reverse proxy before the Service "cache": a user's requests go to the pod that owns the user, or to the next replica when it is dead.
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Rx.Kube;
using Rx.Kube.Samples;
await using var demo = args.Contains("--demo")
    ? await DemoPods.StartAsync((pod, name) => pod.MapGet("/", () => name))
    : null;
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.AddKubeTopology("cache");
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy")).AddKubeDestinations();
if (demo is not null) builder.Services.AddKubeConnection(connection => connection.Server = demo.ApiServer);
if (demo is not null) builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();
app.MapReverseProxy(proxy =>
{
    proxy.UseKubeRetry();               // before load balancing, which then chooses again
    proxy.UseLoadBalancing();
    proxy.UsePassiveHealthChecks();
});
app.MapKubeTopology("/rxkube");
if (demo is null)
{
    await app.RunAsync();               // until Ctrl+C or SIGTERM
    return 0;
}

await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
using var http = new HttpClient { BaseAddress = new(address) };
var (lost, answers) = (0, new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal));
for (var i = 0; i < 200; i++)
{
    if (i == 100) await demo.KillAsync("cache-0"); // its slice still lists it
    using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "x-user", $"user-{i % 10}" } } };
    using var response = await http.SendAsync(request);
    lost += response.IsSuccessStatusCode ? 0 : 1;
    var answer = response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : $"{response.StatusCode}";
    (answers.TryGetValue($"user-{i % 10}", out var others) ? others : answers[$"user-{i % 10}"] = []).Add(answer);
}

foreach (var (user, answered) in answers) Console.WriteLine($"{user}: {string.Join(", then ", answered)}");
Console.WriteLine($"200 requests, {lost} lost");
return lost == 0 ? 0 : 1;
