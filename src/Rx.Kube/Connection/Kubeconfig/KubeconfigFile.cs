using System.Text;
using YamlDotNet.Core;

namespace Rx.Kube;

/// <summary>One kubeconfig file, read within size limits. Its entries are not interpreted yet, so unused entries may be wrong.</summary>
internal sealed class KubeconfigFile
{
    private readonly Dictionary<(string Kind, string Name), YamlSection> _entries = [];

    private KubeconfigFile(string path) => FilePath = path;

    public string FilePath { get; }

    public string? CurrentContext { get; private set; }

    public IEnumerable<string> Names(string kind) => _entries.Keys.Where(key => key.Kind == kind).Select(key => key.Name);

    public YamlSection? Find(string kind, string name) => _entries.GetValueOrDefault((kind, name));

    /// <summary>Reads a file within a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="isPipe">
    /// Whether it may take as long as a command that writes it into a pipe; false for a file that was read before.
    /// </param>
    /// <param name="clock">As for <see cref="ConfigFile.Read"/>.</param>
    /// <exception cref="KubeConfigurationException">The file is missing, too large, or not a kubeconfig.</exception>
    public static KubeconfigFile Read(string path, ConnectionLimits limits, bool isPipe = true, FileClock? clock = null) => Parse(
        path,
        ConfigFile.Read(
            path, "the kubeconfig", "To fix: correct KUBECONFIG or the path that was given.", limits, isPipe, clock),
        limits);

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="KubeConfigurationException">They are not a kubeconfig.</exception>
    public static KubeconfigFile Parse(string path, byte[] bytes, ConnectionLimits limits)
    {
        var file = new KubeconfigFile(path);
        try
        {
            if (YamlTree.Load(YamlTree.Decode(bytes), limits.MaxKubeconfigDepth, limits.MaxKubeconfigNodes) is { } root)
            {
                file.Read(root);
            }
        }
        catch (YamlException e)
        {
            // The parser's message may quote the text, which contains tokens: only the position is reported.
            var place = $"line {e.Start.Line}, column {e.Start.Column}";
            throw new KubeConfigurationException(e is YamlBoundException bound
                ? $"The kubeconfig {Printable.Of(path)} cannot be used because of {place}: {bound.Message}. To fix: {bound.Fix}."
                : $"The kubeconfig {Printable.Of(path)} is broken YAML at {place}. "
                    + "To fix: correct that line (usually a tab, a missing quote or wrong indentation).");
        }
        catch (DecoderFallbackException)
        {
            throw new KubeConfigurationException(
                $"The kubeconfig {Printable.Of(path)} is neither UTF-8 text nor UTF-16 text with a byte order mark. "
                + "To fix: save it as UTF-8, or correct KUBECONFIG or the path that was given.");
        }

        return file;
    }

    private void Read(YamlNode node)
    {
        if (node is YamlScalar { IsNull: true })
        {
            return;
        }

        if (node is not YamlMapping mapping)
        {
            throw new KubeConfigurationException(
                $"The kubeconfig {Printable.Of(FilePath)} is not a mapping of clusters, contexts and users. "
                + "To fix: check that it is the right file.");
        }

        var root = new YamlSection(mapping, FilePath, "the kubeconfig");
        if (root.Text("kind") is { } kind && kind != "Config")
        {
            throw root.Error($"it is a {Printable.Of(kind)}, not a Config", root.Child("kind"), "check that it is the right file");
        }

        CurrentContext = root.Text("current-context");
        foreach (var (list, entry) in (ReadOnlySpan<(string, string)>)[("clusters", "cluster"), ("users", "user"), ("contexts", "context")])
        {
            foreach (var item in root.Sections(list))
            {
                var name = item.Text("name") ?? throw item.Error($"an entry of {list} has no name");
                var body = item.Section(entry) ?? item;
                if (!_entries.TryAdd((entry, name), new YamlSection(body.Node, FilePath, $"{entry} \"{Printable.Of(name)}\"", name)))
                {
                    throw item.Error($"{entry} \"{Printable.Of(name)}\" exists twice", item.Node, "remove one of them");
                }
            }
        }
    }
}
