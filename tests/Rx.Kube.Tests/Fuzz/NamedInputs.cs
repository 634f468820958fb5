namespace Rx.Kube.Tests.Fuzz;

/// <summary>Inputs that were not read as they must be, and are now: the fuzzer found them and made them small.</summary>
internal static class NamedInputs
{
    /// <summary>Gets the name of an input, its kind (<c>AllTargets</c>), and its bytes, in Latin-1.</summary>
    public static TheoryData<string, string, string> All => new()
    {
        {
            "an unpaired surrogate in a name of an event", "watch",
            "{\"type\":\"ADDED\",\"\\ud800\":1,\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}\n"
        },
        {
            "an unpaired surrogate in the type of an event", "watch",
            "{\"type\":\"\\ud83d\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}\n"
        },
        {
            "an unpaired surrogate in the beginning of an event", "watch",
            "{\"\":\"\",\"\\ud800\":\n"
        },
        {
            "an unpaired surrogate in a name of an object", "watch",
            "{\"type\":\"ADDED\",\"object\":{\"\\udc00aaaa\":1,\"metadata\":{\"resourceVersion\":\"1\"}}}\n"
        },
        {
            "an unpaired surrogate in a bookmark", "watch",
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\","
            + "\"annotations\":{\"\\ud800/initial-events-end...\":\"true\"}}}}\n"
        },
        {
            "an unpaired surrogate in a name of a list", "list",
            "{\"\\ud800\":[],\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"
        },
        {
            "an unpaired surrogate in the metadata of a list", "list",
            "{\"metadata\":{\"\\ud800rn\":\"\",\"resourceVersion\":\"1\"},\"items\":[{\"\\ud800\":1}]}"
        },
        {
            "an unpaired surrogate in a name of the header of a recording", "recording",
            "{\"format\":\"rxkube-recording\",\"version\":\"1.0\",\"\\ud800\":\"\",\"started\":\"2026-11-27T03:04:05Z\"}\n"
        },
        {
            "annotations twice, of which only the first have a trigger time", "slice",
            "{\"metadata\":{\"name\":\"0\",\"resourceVersion\":\"7\",\"annotations\":"
            + "{\"endpoints.kubernetes.io/last-change-trigger-time\":\"2026-02-23T18:05:00Z\"},\"annotations\":{}},"
            + "\"endpoints\":[{\"addresses\":[\"10.0.0.1\"]}]}"
        },
        {
            "a control character in a key of as-user-extra that is no list", "kubeconfig",
            "current-context: a\nclusters: [{name: a, cluster: {server: t}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
            + "users: [{name: a, user: {as: e, as-user-extra: {\"\\x14\": y}}}]\n"
        },
        { "a namespace that is not UTF-8 between two versions", "slice-pb", "\n\u00092\u00011\u001a\u0001\u00ff2\u00012" },
        { "a namespace that is a number between two versions", "slice-pb", "\n\u00082\u00011\u0018\u00012\u00012" },
        { "a version that is the replacement character", "slice-pb", "\n\u0008\n\u0001a2\u0003\u00ef\u00bf\u00bd" },
        {
            "a list of objects of two bytes, each of them refused", "list-pb",
            "k8s\0\u0012" + "\u00f4\u0003" + string.Concat(Enumerable.Repeat("\u0012\u0002\n\u0006", 125))
        },
        {
            "subsets without anything, as many as fit: they cost more to write again than to read", "endpoints-pb",
            "\n(\n\u0007cache-3\u001a\u0007default2\u001418446744073709551615"
            + string.Concat(Enumerable.Repeat("\u0012\u0000", 66_667))
        },
        { "a SOCKS proxy whose login has no user", "proxy", "socks5://:y@1" },
        { "a SOCKS proxy with a host that is too long", "proxy", "socks5://m" + new string('x', 300) + ":" },
        { "an id-token that expires in the first second of the first year", "id-token", "{\"exp\":-62135596796}" },
        {
            "a private key of an unknown curve", "exec",
            "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"clientCertificateData\":\""
            + Rx.Kube.Fuzz.Identity.Certificate.ReplaceLineEndings("\\n") + "\",\"clientKeyData\":\""
            + Rx.Kube.Fuzz.Identity.Key.ReplaceLineEndings("\\n").Replace("CCqGSM49AwEH", "CCqGSM49UwEH", StringComparison.Ordinal)
            + "\"}}"
        },
    };
}
