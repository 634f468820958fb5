using Grpc.Core;

namespace GrpcRouting;

/// <summary>What the compiler of protocol buffers would write for a service with one method, with texts for messages.</summary>
public sealed class GreeterClient(CallInvoker invoker) : ClientBase<GreeterClient>(invoker)
{
    internal static Method<string, string> Greeting { get; } =
        new(MethodType.Unary, "samples.Greeter", "Greet", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    /// <summary>Asks for a greeting, at the owner of a key.</summary>
    public async Task<string> GreetAsync(string key) => await CallInvoker.AsyncUnaryCall(
        Greeting, null, new(new Metadata { { "x-key", key } }, DateTime.UtcNow.AddSeconds(10)), key);

    protected override GreeterClient NewInstance(ClientBaseConfiguration configuration) => throw new NotSupportedException();
}

/// <summary>The base of the service, as that compiler would write it.</summary>
[BindServiceMethod(typeof(GreeterBase), nameof(Bind))]
public abstract class GreeterBase
{
    public static void Bind(ServiceBinderBase binder, GreeterBase? service) =>
        binder.AddMethod(GreeterClient.Greeting, service is null ? null : new UnaryServerMethod<string, string>(service.Greet));

    public abstract Task<string> Greet(string request, ServerCallContext context);
}

/// <summary>The service: it greets with the address of its pod.</summary>
public sealed class Greeter : GreeterBase
{
    public override Task<string> Greet(string request, ServerCallContext context) =>
        Task.FromResult($"{context.GetHttpContext().Connection.LocalIpAddress}");
}
