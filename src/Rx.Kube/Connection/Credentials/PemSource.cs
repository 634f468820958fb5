namespace Rx.Kube;

/// <summary>PEM text in a file, read anew each time, or in the configuration itself.</summary>
internal sealed class PemSource
{
    private readonly string? _path;
    private readonly byte[] _data;
    private readonly string _what;
    private readonly string _cure;

    private PemSource(string? path, byte[] data, string what, string cure) => (_path, _data, _what, _cure) = (path, data, what, cure);

    /// <summary>What it is and where it stands; never its content.</summary>
    public string Description => _path is null ? _what : $"{_what} {Printable.Of(_path)}";

    public static PemSource File(string path, string what, string cure) => new(path, [], what, cure);

    public static PemSource Data(byte[] data, string what) => new(null, data, what, "");

    /// <summary>The bytes as they are now.</summary>
    /// <exception cref="KubeConfigException">The file cannot be read.</exception>
    public byte[] Read() => _path is null ? _data : ConfigFile.Read(_path, _what, _cure);
}
