using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>
/// A workload as protobuf, encoded by client-go, so that no encoder of this library makes what it reads. An event changes its version and
/// the time of its annotation; the generation and the time of its managed fields stay.
/// </summary>
internal sealed class ProtobufRounds : IRounds
{
    private const string Day = "2026-01-02T";
    private readonly List<(int Version, int Annotation)> _places = [];
    private int _version;

    /// <param name="workload">The workload, before its first round.</param>
    /// <param name="files">The same workload as files.</param>
    public ProtobufRounds(SliceWorkload workload, WorkloadFiles files)
    {
        Events = workload.Events;
        _version = int.Parse(workload.ListVersion, CultureInfo.InvariantCulture);
        var events = files.EncodeAsProtobuf();
        (List, Stream) = (CannedList.Read(Path.GetDirectoryName(events)!), File.ReadAllBytes(events));
        var version = Encoding.UTF8.GetBytes(workload.ListVersion);
        for (int start = 0, length; start < Stream.Length; start += length)
        {
            length = 4 + BinaryPrimitives.ReadInt32BigEndian(Stream.AsSpan(start));
            var frame = Stream.AsSpan(start, length);
            _places.Add((start + frame.IndexOf(version), start + frame.IndexOf(Encoding.UTF8.GetBytes(Day)) + Day.Length));
        }
    }

    public string MediaType => "application/vnd.kubernetes.protobuf";

    public CannedList List { get; }

    public int Events { get; }

    public byte[] Stream { get; }

    public void NextRound()
    {
        foreach (var (version, annotation) in _places)
        {
            (++_version).TryFormat(Stream.AsSpan(version), out _, default, CultureInfo.InvariantCulture);
            TimeSpan.FromSeconds(_version % 86_400).TryFormat(Stream.AsSpan(annotation), out _, "hh\\:mm\\:ss");
        }
    }
}
