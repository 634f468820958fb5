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
    /// <summary>Reads an ExecCredential.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="output">What it printed.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="outside">Takes note of the secrets, before any error.</param>
    /// <returns>The identity, and when it expires; null if it is valid until the server refuses it.</returns>
    /// <exception cref="KubeConfigurationException">
    /// The output is not an ExecCredential of the plugin's version, or contains nothing usable.
    /// </exception>
    public static (Credential Credential, DateTimeOffset? Expires) Read(
        ExecPlugin plugin, byte[] output, ConnectionLimits limits, OutsideText outside)
    {
        using var document = Parse(output, limits) ?? throw NotACredential(plugin, limits);
        try
        {
            return Read(plugin, document.RootElement, limits, outside);
        }
        catch (InvalidOperationException)
        {
            throw NotACredential(plugin, limits);
        }
    }

    private static KubeConfigurationException NotACredential(ExecPlugin plugin, ConnectionLimits limits) => ExecPluginRunner.Failed(
        plugin, $"printed something that is not an ExecCredential in JSON or YAML, at most {limits.MaxPluginDepth} levels deep",
        $"{nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxPluginDepth)}");

    // JSON is YAML, but what a plugin prints is nearly always JSON.
    private static JsonDocument? Parse(byte[] output, ConnectionLimits limits)
    {
        try
        {
            return JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = limits.MaxPluginDepth });
        }
        catch (JsonException)
        {
            return ParseYaml(output, limits);
        }
    }

    private static JsonDocument? ParseYaml(byte[] output, ConnectionLimits limits)
    {
        try
        {
            if (YamlTree.Load(YamlTree.Decode(output), limits.MaxPluginDepth, limits.MaxKubeconfigNodes) is not YamlMapping root)
            {
                return null;
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                YamlJson.Write(json, root);
            }

            return JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = limits.MaxPluginDepth });
        }
        catch (Exception e) when (e is YamlException or DecoderFallbackException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static (Credential, DateTimeOffset?) Read(
        ExecPlugin plugin, JsonElement root, ConnectionLimits limits, OutsideText outside)
    {
        root.TryGetProperty("status", out var status);
        var (token, certificate, key) = (
            Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"));
        outside.Note(token);
        outside.NoteKey(key);
        if (Text(root, "kind") != "ExecCredential")
        {
            throw NotACredential(plugin, limits);
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
