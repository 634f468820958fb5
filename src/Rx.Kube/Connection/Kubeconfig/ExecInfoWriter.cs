using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Writes KUBERNETES_EXEC_INFO: the ExecCredential that is the input of a plugin, with the cluster if the plugin asks for it.
/// </summary>
internal static class ExecInfoWriter
{
    private const string Extension = "client.authentication.k8s.io/exec";

    public static string Write(string apiVersion, YamlSection? cluster, Uri server, ConnectionLimits limits)
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
                WriteCluster(json, cluster, server, limits);
            }

            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteCluster(Utf8JsonWriter json, YamlSection cluster, Uri server, ConnectionLimits limits)
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
                    path, "the certificate-authority file", $"To fix: correct certificate-authority of {cluster.Description}.", limits)
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
            YamlJson.Write(json, config);
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
}
