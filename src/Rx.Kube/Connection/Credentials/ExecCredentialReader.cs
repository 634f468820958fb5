using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;

namespace Rx.Kube;

/// <summary>
/// Reads the ExecCredential that an exec plugin printed, in JSON or in YAML. No error quotes any of it. Source: client-go
/// pkg/apis/clientauthentication.
/// </summary>
internal static class ExecCredentialReader
{
    /// <summary>The largest depth of the output.</summary>
    internal const int MaxDepth = 32;

    /// <summary>Reads an ExecCredential.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="output">What it printed.</param>
    /// <param name="outside">Takes note of the secrets, before any error.</param>
    /// <returns>The identity, and when it expires; null if it is valid until the server refuses it.</returns>
    /// <exception cref="KubeConfigurationException">
    /// The output is not an ExecCredential of the plugin's version, or contains nothing usable.
    /// </exception>
    public static (Credential Credential, DateTimeOffset? Expires) Read(
        ExecPlugin plugin, byte[] output, OutsideText outside)
    {
        using var document = Parse(output) ?? throw NotACredential(plugin);
        try
        {
            return Read(plugin, document.RootElement, outside);
        }
        catch (InvalidOperationException)
        {
            throw NotACredential(plugin);
        }
    }

    private static KubeConfigurationException NotACredential(ExecPlugin plugin) => ExecPluginRunner.Failed(
        plugin, $"printed something that is not an ExecCredential in JSON or YAML, at most {MaxDepth} levels deep");

    // JSON is YAML, but what a plugin prints is nearly always JSON.
    private static JsonDocument? Parse(byte[] output)
    {
        try
        {
            return JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return ParseYaml(output);
        }
    }

    private static JsonDocument? ParseYaml(byte[] output)
    {
        try
        {
            if (YamlTree.Load(YamlTree.Decode(output)) is not YamlMapping root)
            {
                return null;
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                YamlJson.Write(json, root);
            }

            return JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (Exception e) when (e is YamlException or DecoderFallbackException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static (Credential, DateTimeOffset?) Read(ExecPlugin plugin, JsonElement root, OutsideText outside)
    {
        root.TryGetProperty("status", out var status);
        var (token, certificate, key) = (
            Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"));
        outside.Note(token);
        outside.NoteKey(key);
        if (Text(root, "kind") != "ExecCredential")
        {
            throw NotACredential(plugin);
        }

        if (Text(root, "apiVersion") is var version && version != plugin.ApiVersion)
        {
            throw ExecPluginRunner.Failed(
                plugin, $"answered in version {Printable.Of(version, 80)} where its kubeconfig says {Printable.Of(plugin.ApiVersion, 80)}");
        }

        if (status.ValueKind != JsonValueKind.Object)
        {
            throw ExecPluginRunner.Failed(plugin, "returned no status, and so no credentials");
        }

        if (token is null && certificate is null && key is null)
        {
            throw ExecPluginRunner.Failed(plugin, "returned neither a token nor a client certificate");
        }

        if ((certificate is null) != (key is null))
        {
            throw ExecPluginRunner.Failed(plugin, "returned only one of clientCertificateData and clientKeyData");
        }

        var bearer = token is null ? null : Secrets.Token(token)
            ?? throw ExecPluginRunner.Failed(plugin, "returned a token with characters that an HTTP header cannot contain");
        var pair = certificate is null ? null : ClientCertificateLoader.Load(
            Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key!),
            $"clientCertificateData of {plugin.Description}", $"clientKeyData of {plugin.Description}");
        var credential = new Credential
        {
            Authorization = bearer is null ? null : new("Bearer", bearer),
            Certificate = pair,
        };
        return (credential, Expiry(plugin, Text(status, "expirationTimestamp")));
    }

    private static DateTimeOffset? Expiry(ExecPlugin plugin, string? timestamp)
    {
        if (timestamp is null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var expires)
            ? expires == DateTimeOffset.MinValue ? null : expires // Go's zero time
            : throw ExecPluginRunner.Failed(plugin, "returned an expirationTimestamp that is not a time");
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
