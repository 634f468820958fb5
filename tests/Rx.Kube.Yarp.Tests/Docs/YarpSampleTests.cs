using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Yarp.Tests.Docs;

/// <summary>The code and the configuration of docs/yarp.md do what the page says.</summary>
public sealed class YarpSampleTests
{
    [Fact]
    public async Task The_program_and_the_configuration_of_the_page_send_a_key_to_its_owner()
    {
        await using var pods = await Pods.StartAsync(3);
        var builder = WebApplication.CreateSlimBuilder();
        var json = Regex.Match(Repository.Read("docs/yarp.md"), "```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        builder.Configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
        builder.Configuration["Kube:Connection:Server"] = pods.Server.Url.AbsoluteUri;
        builder.Configuration["Kube:Connection:Namespace"] = "prod";
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        await using var app = await Task.Run(() => YarpSamples.Start(builder));
        await app.StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        var ring = app.Services.GetRequiredService<CurrentValue<RingView>>().Required.Ring;
        Assert.True(ring.TryGetOwner(KeyHash.Of("user-42"), out var owner));
        client.DefaultRequestHeaders.Add("x-user", "user-42");

        Assert.Equal(owner.Name, await client.GetStringAsync(new Uri("/x", UriKind.Relative)));
        await pods[owner.Name].KillAsync();
        Assert.NotEqual(owner.Name, await client.GetStringAsync(new Uri("/x", UriKind.Relative)));
    }
}
