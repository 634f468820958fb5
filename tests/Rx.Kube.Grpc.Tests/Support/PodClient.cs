using Grpc.Core;

namespace Rx.Kube.Grpc.Tests.Support;

/// <summary>The client of <c>PodService</c>, as the compiler of protocol buffers would write it, with texts for messages.</summary>
public sealed class PodClient : ClientBase<PodClient>
{
    private const string Service = "test.Pods";

    private static readonly Marshaller<string> _text = Marshallers.StringMarshaller;

    public PodClient(ChannelBase channel)
        : base(channel)
    {
    }

    public PodClient(CallInvoker invoker)
        : base(invoker)
    {
    }

    private PodClient(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    internal static Method<string, string> WhoMethod { get; } = new(MethodType.Unary, Service, "Who", _text, _text);

    internal static Method<string, string> CountMethod { get; } = new(MethodType.ServerStreaming, Service, "Count", _text, _text);

    /// <summary>Asks which pod answers: <c>NAME AUTHORITY ADDRESS</c>.</summary>
    public async Task<string> WhoAsync(string? key = null, TimeSpan? timeout = null)
    {
        using var call = CallInvoker.AsyncUnaryCall(WhoMethod, null, Options(key, timeout ?? TimeSpan.FromSeconds(20)), "");
        return await call;
    }

    /// <summary>Asks which pod answers.</summary>
    public async Task<string> NameAsync(string? key = null, TimeSpan? timeout = null) => (await WhoAsync(key, timeout)).Split(' ')[0];

    /// <summary>Gets as many answers, one every 20 ms.</summary>
    public AsyncServerStreamingCall<string> Count(int count, string? key = null) =>
        CallInvoker.AsyncServerStreamingCall(CountMethod, null, Options(key, TimeSpan.FromSeconds(30)), $"{count}");

    protected override PodClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);

    private static CallOptions Options(string? key, TimeSpan timeout) =>
        new(key is null ? null : new Metadata { { "x-key", key } }, DateTime.UtcNow + timeout);
}
