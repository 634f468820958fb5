using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>Rx.Kube as an application uses it: a snapshot of the Service for each event.</summary>
internal sealed class RxKubePath(IRounds workload)
    : WholePathContestant(workload is ProtobufRounds ? ProtobufName : PathName, workload)
{
    /// <summary>The name in the table.</summary>
    public const string PathName = "Rx.Kube";

    /// <summary>The name in the table of the same with protobuf.</summary>
    public const string ProtobufName = "Rx.Kube protobuf";

    // By name, so that a version without a choice of formats is measured, too.
    private static readonly System.Reflection.PropertyInfo? Format = typeof(KubeConnectionOptions).GetProperty("Format");

    private readonly bool _isProtobuf = workload is ProtobufRounds;
    private HttpClient? _client;
    private KubeConnection? _connection;
    private IDisposable? _subscription;
    private Exception? _failure;
    private long _seen;

    /// <summary>Gets why protobuf cannot be measured; null if it can.</summary>
    public static string? NoProtobuf => Format is null ? "this version of Rx.Kube reads JSON alone" : ClientGo.Missing;

    /// <summary>Gets options with which a connection asks for protobuf.</summary>
    public static KubeConnectionOptions AskForProtobuf()
    {
        var options = new KubeConnectionOptions();
        Format?.SetValue(options, Enum.Parse(Format.PropertyType, "Protobuf"));
        return options;
    }

    /// <summary>Gets or sets where old snapshots are held; null for nowhere.</summary>
    public List<ServiceTopology>? Held { get; set; }

    /// <summary>Gets the newest snapshot.</summary>
    public ServiceTopology? Snapshot { get; private set; }

    /// <summary>Gets whether <see cref="LargestHeap"/> is measured.</summary>
    public bool MeasuresHeap { get; init; }

    /// <summary>Gets the largest managed heap between two events, garbage included.</summary>
    public long LargestHeap { get; private set; }

    protected override long Seen => _seen;

    public override void Dispose()
    {
        _subscription?.Dispose();
        _connection?.Dispose();
        _client?.Dispose();
        base.Dispose();
    }

    protected override void Check()
    {
        if (_failure is not null || Snapshot?.Freshness.Cause is not null)
        {
            throw new InvalidOperationException($"The watch failed: {Snapshot?.Freshness.Cause}", _failure);
        }
    }

    protected override void Open()
    {
        _client = new HttpClient(Server, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _connection = KubeConnection.From(_client, CannedServer.Address, options: _isProtobuf ? AskForProtobuf() : null);
        _subscription = _connection.EndpointSlices(SliceWorkload.Namespace, service: SliceWorkload.Service).Resume().ToTopology()
            .Subscribe(
                snapshot =>
                {
                    Snapshot = snapshot;
                    Held?.Add(snapshot);
                    if ((++_seen & 63) == 0 && MeasuresHeap)
                    {
                        LargestHeap = Math.Max(LargestHeap, GC.GetTotalMemory(forceFullCollection: false));
                    }
                },
                error => _failure = error);
    }
}
