namespace Rx.Kube;

/// <summary>Reads the small files of a configuration. Every error names the file and how to fix it.</summary>
internal static class ConfigFile
{
    /// <summary>
    /// The maximum file size: far larger than any certificate bundle, token or kubeconfig, and small enough to read into memory.
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, such as "the token file".</param>
    /// <param name="fix">The sentence that ends an error message and says how to fix it.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="KubeConfigurationException">The file is missing, not readable or larger than <see cref="MaxBytes"/>.</exception>
    public static byte[] Read(string path, string what, string fix)
    {
        var start = $"{Printable.Sentence(what)} {Printable.Of(path)}";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var buffer = new byte[4096];
            var length = 0;
            while (file.Read(buffer, length, buffer.Length - length) is var read and > 0)
            {
                length += read;
                if (length > MaxBytes)
                {
                    throw new KubeConfigurationException($"{start} is larger than {MaxBytes / 1024 / 1024} MiB. {fix}");
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length * 2);
                }
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeConfigurationException($"{start} does not exist. {fix}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = Directory.Exists(path) ? "is a directory"
                : e is UnauthorizedAccessException ? "may not be read by this user" : "cannot be read";
            throw new KubeConfigurationException($"{start} {why}. {fix}", e);
        }
    }
}
