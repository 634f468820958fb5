using System.Globalization;
using System.Text.Json;
using Rx.Kube.RealServer.Tests.Watch;

namespace Rx.Kube.RealServer.Tests.Rings;

/// <summary>Runs <c>rxkube ring</c>.</summary>
public sealed class RingTool(string kubeconfig, string service, int replicas) : ToolProcess<RingLine>(
    RingLine.Parse, "ring", service, "--kubeconfig", kubeconfig, "-o", "json", "--replicas", $"{replicas}");

/// <summary>Represents a line of <c>rxkube ring -o json</c> as a script reads it.</summary>
public sealed record RingLine(
    string Version, string Freshness, string Fingerprint, (string Member, string? Zone)[] Members, double Moved, RangeMove<string>[] Moves)
{
    public override string ToString() => $"{Version} {Freshness} {string.Join(',', Members)}";

    public static RingLine Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new(
            root.GetProperty("version").GetString()!,
            root.GetProperty("freshness").GetString()!,
            root.GetProperty("fingerprint").GetString()!,
            [.. root.GetProperty("members").EnumerateArray()
                .Select(m => (m.GetProperty("member").GetString()!, m.GetProperty("zone").GetString()))],
            root.GetProperty("moved").GetDouble(),
            [.. root.GetProperty("moves").EnumerateArray().Select(Move)]);
    }

    private static RangeMove<string> Move(JsonElement move)
    {
        var range = new KeyRange(Hash(move.GetProperty("first")), Hash(move.GetProperty("last")));
        Assert.Equal(range.Length, UInt128.Parse(move.GetProperty("length").GetString()!, CultureInfo.InvariantCulture));
        return new(range, move.GetProperty("rank").GetInt32(), move.GetProperty("from").GetString(), move.GetProperty("to").GetString());
    }

    private static ulong Hash(JsonElement text) =>
        ulong.Parse(text.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
