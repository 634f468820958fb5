namespace Rx.Kube;

/// <summary>One mapping of a kubeconfig. An unexpected value is an error with file and line, never with the value itself.</summary>
/// <param name="node">The mapping.</param>
/// <param name="file">The file that contains it.</param>
/// <param name="what">What it describes, such as <c>user "dev"</c>.</param>
/// <param name="name">The name of the entry; empty for other mappings.</param>
internal sealed class YamlSection(YamlMapping node, string file, string what, string name = "")
{
    public string File => file;

    public string Name => name;

    /// <summary>The directory that relative paths start from.</summary>
    public string Directory => Path.GetDirectoryName(file) ?? "/";

    public YamlMapping Node => node;

    /// <summary>A name for messages: <c>user "dev" in FILE</c>.</summary>
    public string Description => $"{what} in {Printable.Of(file)}";

    public IEnumerable<string> Keys => node.Children.Keys;

    /// <summary>Reads a text; null when absent, null or empty.</summary>
    public string? Text(string key) => Child(key) switch
    {
        null => null,
        YamlScalar { IsNull: true } => null,
        YamlScalar scalar => Checked(key, scalar) is { Length: > 0 } text ? text : null,
        var other => throw Wrong(key, "must be text", other),
    };

    /// <summary>Reads a flag; false when absent or null.</summary>
    public bool Flag(string key) => Child(key) switch
    {
        null or YamlScalar { IsNull: true } => false,
        YamlScalar { Flag: { } flag } => flag,
        var other => throw Wrong(key, "must be true or false, without quotes", other),
    };

    /// <summary>Reads base64 data; null when absent.</summary>
    public byte[]? Data(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        var data = new byte[text.Length];
        return Convert.TryFromBase64String(text, data, out var length)
            ? data[..length]
            : throw Wrong(key, "is not base64", Child(key)!);
    }

    /// <summary>Refuses two keys that exclude each other, as kubectl does.</summary>
    /// <exception cref="KubeConfigurationException">Both keys are present.</exception>
    public void RequireOneOf(string key, string other)
    {
        if (Text(key) is not null && Text(other) is not null)
        {
            throw Error($"it has both {key} and {other}", Child(other), "remove one of them");
        }
    }

    /// <summary>Reads a path, relative to this file; null when absent.</summary>
    public string? FilePath(string key) => Text(key) is { } path ? Path.GetFullPath(path, Directory) : null;

    public IReadOnlyList<string> Texts(string key) => [.. List(key).Items.Select(item => item is YamlScalar scalar
        ? Checked(key, scalar)
        : throw Wrong(key, "must be a list of strings", item))];

    public YamlSection? Section(string key) => Child(key) switch
    {
        null => null,
        YamlScalar { IsNull: true } => null,
        YamlMapping mapping => new YamlSection(mapping, file, what),
        var other => throw Wrong(key, "must be a mapping", other),
    };

    public IEnumerable<YamlSection> Sections(string key) => List(key).Items.Select(item => item is YamlMapping mapping
        ? new YamlSection(mapping, file, what)
        : throw Wrong(key, "must be a list of mappings", item));

    public YamlNode? Child(string key) => node.Children.GetValueOrDefault(key);

    public KubeConfigurationException Error(string problem, YamlNode? at = null, string? fix = null) => new(
        $"{Description}, line {(at ?? node).Line}: {problem}. To fix: {fix ?? "correct it there"}.");

    // The keys of as-user-extra are the file's own.
    private KubeConfigurationException Wrong(string key, string problem, YamlNode at) => Error($"{Printable.Of(key)} {problem}", at);

    // YAML can write it as \0. A path cannot contain it, and an argument or a variable of a process ends before it.
    private string Checked(string key, YamlScalar scalar) => !scalar.Text.Contains('\0', StringComparison.Ordinal)
        ? scalar.Text
        : throw Wrong(key, "has a zero byte", scalar);

    private YamlSequence List(string key) => Child(key) switch
    {
        null or YamlScalar { IsNull: true } => new YamlSequence(node.Line),
        YamlSequence sequence => sequence,
        var other => throw Wrong(key, "must be a list", other),
    };
}
