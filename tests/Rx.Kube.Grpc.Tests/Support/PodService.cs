using System.Globalization;
using Grpc.Core;

namespace Rx.Kube.Grpc.Tests.Support;

[BindServiceMethod(typeof(PodServiceBase), "Bind")]
public abstract class PodServiceBase
{
    public static void Bind(ServiceBinderBase binder, PodServiceBase? service)
    {
        binder.AddMethod(PodClient.WhoMethod, service is null ? null : new UnaryServerMethod<string, string>(service.Who));
        binder.AddMethod(PodClient.CountMethod, service is null ? null : new ServerStreamingServerMethod<string, string>(service.Count));
    }

    public abstract Task<string> Who(string request, ServerCallContext context);

    public abstract Task Count(string request, IServerStreamWriter<string> answers, ServerCallContext context);
}

/// <summary>What a pod answers.</summary>
internal sealed class PodService(Pod pod) : PodServiceBase
{
    public override async Task<string> Who(string request, ServerCallContext context)
    {
        pod.OnCall();
        if (pod.Delay > TimeSpan.Zero)
        {
            await Task.Delay(pod.Delay, context.CancellationToken);
        }

        return pod.Status == StatusCode.OK
            ? $"{pod.Name} {context.Host} {context.GetHttpContext().Connection.LocalIpAddress}"
            : throw new RpcException(new(pod.Status, "as the test says"));
    }

    public override async Task Count(string request, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        for (var i = 0; i < int.Parse(request, CultureInfo.InvariantCulture); i++)
        {
            await answers.WriteAsync($"{pod.Name} {i}", context.CancellationToken);
            await Task.Delay(20, context.CancellationToken);
        }
    }
}
