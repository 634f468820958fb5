using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>A plain reader of the lines of the watch, without a connection and without a fold.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="workload">The events.</param>
/// <param name="read">Reads a line.</param>
internal sealed class ReaderPath(string name, SliceWorkload workload, Func<ReadOnlyMemory<byte>, int> read) : Contestant(name)
{
    private int _sum;

    /// <summary>Gets the number of tokens or endpoints that have been read.</summary>
    public int Sum => _sum;

    public override Cost Round() => Cost.Of(workload.Events, () =>
    {
        foreach (var line in workload.Lines)
        {
            _sum += read(line);
        }
    });

    /// <summary>Creates the reader of System.Text.Json alone: all tokens, without using them.</summary>
    public static ReaderPath Limit(SliceWorkload workload) =>
        new("JSON reader alone", workload, line => SystemTextJsonPeer.Limit(line.Span));

    /// <summary>Creates the reader of plain types with source-generated System.Text.Json.</summary>
    public static ReaderPath Typed(SliceWorkload workload) =>
        new("typed", workload, line => SystemTextJsonPeer.Typed(line.Span).Object!.Endpoints!.Count);
}
