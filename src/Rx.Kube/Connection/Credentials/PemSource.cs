namespace Rx.Kube;

/// <summary>PEM text in a file, which is read every time, or in the configuration itself.</summary>
internal sealed class PemSource
{
    private readonly string? _path;
    private readonly byte[] _data;
    private readonly string _what;
    private readonly string _fix;

    private readonly ConnectionLimits _limits;

    private PemSource(string? path, byte[] data, string what, string fix, ConnectionLimits limits) =>
        (_path, _data, _what, _fix, _limits) = (path, data, what, fix, limits);

    /// <summary>What the text is and where it is configured; never its content.</summary>
    public string Description => _path is null ? _what : $"{_what} {Printable.Of(_path)}";

    public static PemSource File(string path, string what, string fix, ConnectionLimits limits) => new(path, [], what, fix, limits);

    public static PemSource Data(byte[] data, string what) => new(null, data, what, "", ConnectionLimits.Default);

    /// <summary>Reads the current bytes.</summary>
    /// <exception cref="KubeConfigurationException">The file cannot be read.</exception>
    public byte[] Read() => _path is null ? _data : ConfigFile.Read(_path, _what, _fix, _limits);
}
