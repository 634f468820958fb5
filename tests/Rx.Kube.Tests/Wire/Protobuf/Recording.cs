using System.Text;
using System.Text.Json.Nodes;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Wire.Protobuf;

/// <summary>
/// The answers of a real API server (k8s.io/apiserver 0.36.4, <c>tests/real-api-server</c>) to requests with and without protobuf,
/// recorded on 2026-11-28. The objects are those of <c>Recorded/objects.yaml</c>.
/// </summary>
internal static class Recording
{
    public const string ProtobufMedia = "application/vnd.kubernetes.protobuf";
    public const string WatchMedia = ProtobufMedia + ";stream=watch";
    public const string JsonMedia = "application/json";

    public static byte[] Bytes(string file) => File.ReadAllBytes(Repository.PathOf($"tests/Rx.Kube.Tests/Wire/Protobuf/Recorded/{file}"));

    /// <summary>The items of a recorded list, as compact JSON.</summary>
    public static IEnumerable<byte[]> ItemsOf(string file) =>
        JsonNode.Parse(Bytes(file))!["items"]!.AsArray().Select(item => Encoding.UTF8.GetBytes(item!.ToJsonString()));
}
