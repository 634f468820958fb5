using System.Globalization;
using System.Text;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>An object of the server: a slice, written by this model itself.</summary>
internal sealed class Thing
{
    private byte[]? _json;

    public Thing(int key, string service, long uid, long version, Func<long, string> text, string spoiled = "")
    {
        (Key, Service, Uid, Version, Spoiled) = (key, service, uid, version, spoiled);
        (Name, Namespace, VersionText) = ($"s{key}", key == 5 ? "other" : "default", text(version));

        // Of an object that cannot be decoded, a client knows no uid.
        Hash = IsSpoiled ? StableHash.Of(Namespace, Name, "", VersionText) : StableHash.Of(Namespace, Name, uid, VersionText);
        EndpointHash = IsSpoiled ? 0 : EndpointHashOf(key, service, uid, version);
    }

    /// <summary>What the object has instead of endpoints, so that it cannot be decoded; empty for a good object.</summary>
    public string Spoiled { get; }

    public bool IsSpoiled => Spoiled.Length > 0;

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
        var pods = IsSpoiled ? Spoiled : "[" + EndpointText("") + (Version % 2 == 0 ? "" : "," + EndpointText("x")) + "]";
        return "{\"metadata\":{\"name\":\"" + Name + "\",\"namespace\":\"" + Namespace + "\",\"uid\":\"" + Uid
            + "\",\"resourceVersion\":\"" + version + "\",\"labels\":{\"kubernetes.io/service-name\":\"" + Service
            + "\"}},\"addressType\":\"IPv4\",\"endpoints\":" + pods + ",\"ports\":[{\"name\":\"\",\"port\":80,\"protocol\":\"TCP\"}]}";
    }

    private string EndpointText(string suffix) =>
        "{\"addresses\":[\"" + Address(Key, suffix, Version) + "\"],\"conditions\":{\"ready\":true},\"zone\":\"zöne\",\"targetRef\":{"
        + "\"kind\":\"Pod\",\"namespace\":\"" + Namespace + "\",\"name\":\"p" + Key + suffix + "\",\"uid\":\"" + Uid + "\"}}";

    private static string Address(int key, string suffix, long version) => string.Create(
        CultureInfo.InvariantCulture, $"10.{key + (suffix.Length * 16)}.{version / 256 % 256}.{version % 256}");

    /// <summary>The hash of the endpoints that an object has.</summary>
    public static ulong EndpointHashOf(int key, string service, long uid, long version)
    {
        return Pod("") + (version % 2 == 0 ? 0 : Pod("x"));

        ulong Pod(string suffix) => StableHash.Of(service, $"p{key}{suffix}", uid, Address(key, suffix, version));
    }
}
