using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rx.Kube;

/// <summary>
/// Writes KUBERNETES_EXEC_INFO: the ExecCredential that is the input of a plugin, with the cluster if the plugin asks for it.
/// </summary>
internal static class ExecInfoWriter
{
    private const string Extension = "client.authentication.k8s.io/exec";

    public static string Write(string apiVersion, YamlSection? cluster, Uri server)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", apiVersion);
            json.WriteStartObject("spec");
            if (cluster is not null)
            {
                WriteCluster(json, cluster, server);
            }

            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteCluster(Utf8JsonWriter json, YamlSection cluster, Uri server)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", cluster.Text("server") ?? server.OriginalString);
        WriteText(json, "tls-server-name", cluster.Text("tls-server-name"));
        if (cluster.Flag("insecure-skip-tls-verify"))
        {
            json.WriteBoolean("insecure-skip-tls-verify", true);
        }

        var ca = cluster.Data("certificate-authority-data")
            ?? (cluster.FilePath("certificate-authority") is { } path
                ? ConfigFile.Read(
                    path, "the certificate-authority file", $"To fix: correct certificate-authority of {cluster.Description}.")
                : null);
        if (ca is not null)
        {
            json.WriteBase64String("certificate-authority-data", ca);
        }

        WriteText(json, "proxy-url", cluster.Text("proxy-url"));
        if (cluster.Flag("disable-compression"))
        {
            json.WriteBoolean("disable-compression", true);
        }

        var config = cluster.Sections("extensions").FirstOrDefault(e => e.Text("name") == Extension)?.Child("extension");
        if (config is not null)
        {
            json.WritePropertyName("config");
            WriteNode(json, config);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    // Depth and expanded size were checked when the file was read.
    private static void WriteNode(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Children)
                {
                    json.WritePropertyName((key as YamlScalarNode)?.Value ?? "");
                    WriteNode(json, value);
                }

                json.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                json.WriteStartArray();
                foreach (var item in sequence)
                {
                    WriteNode(json, item);
                }

                json.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(json, scalar);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (YamlSection.IsNull(scalar))
        {
            json.WriteNullValue();
        }
        else if (scalar.Style != ScalarStyle.Plain)
        {
            json.WriteStringValue(text);
        }
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            json.WriteBooleanValue(text[0] is 't' or 'T');
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            json.WriteNumberValue(integer);
        }
        else if (text.Any(char.IsAsciiDigit)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
        {
            json.WriteNumberValue(real);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }
}
