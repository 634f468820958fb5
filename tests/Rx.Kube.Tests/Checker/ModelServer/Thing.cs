using System.Globalization;
using System.Text;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>An object of the server: a slice, written by this model itself.</summary>
internal sealed class Thing
{
    private byte[]? _json;

    public Thing(int key, string service, long uid, long version, Func<long, string> text)
    {
        (Key, Service, Uid, Version) = (key, service, uid, version);
        (Name, Namespace, VersionText) = ($"s{key}", key == 5 ? "other" : "default", text(version));
        Hash = StableHash.Of(Namespace, Name, uid, VersionText);
        EndpointHash = Pod(key, "", version) + (version % 2 == 0 ? 0 : Pod(key, "x", version));
    }

    public int Key { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Service { get; }

    public long Uid { get; }

    public long Version { get; }

    public string VersionText { get; }

    /// <summary>A sum over objects is the hash of a state.</summary>
    public ulong Hash { get; }

    /// <summary>A sum over endpoints is the hash of a topology.</summary>
    public ulong EndpointHash { get; }

    /// <summary>The object without its kind, up to the end.</summary>
    public byte[] Json => _json ??= Encoding.UTF8.GetBytes(Text(VersionText));

    public bool Matches(int selection) => selection == 2 || (Namespace == "default" && (selection == 0 || Service == "a"));

    /// <summary>The object as a deletion at a version has it.</summary>
    public string Text(string version)
    {
        var pods = EndpointText("") + (Version % 2 == 0 ? "" : "," + EndpointText("x"));
        return "{\"metadata\":{\"name\":\"" + Name + "\",\"namespace\":\"" + Namespace + "\",\"uid\":\"" + Uid
            + "\",\"resourceVersion\":\"" + version + "\",\"labels\":{\"kubernetes.io/service-name\":\"" + Service
            + "\"}},\"addressType\":\"IPv4\",\"endpoints\":[" + pods + "],\"ports\":[{\"name\":\"\",\"port\":80,\"protocol\":\"TCP\"}]}";
    }

    private string EndpointText(string suffix) =>
        "{\"addresses\":[\"" + Address(Key, suffix, Version) + "\"],\"conditions\":{\"ready\":true},\"zone\":\"zöne\",\"targetRef\":{"
        + "\"kind\":\"Pod\",\"namespace\":\"" + Namespace + "\",\"name\":\"p" + Key + suffix + "\",\"uid\":\"" + Uid + "\"}}";

    private static string Address(int key, string suffix, long version) => string.Create(
        CultureInfo.InvariantCulture, $"10.{key + (suffix.Length * 16)}.{version / 256 % 256}.{version % 256}");

    private ulong Pod(int key, string suffix, long version) =>
        StableHash.Of(Service, $"p{key}{suffix}", Uid, Address(key, suffix, version));
}
