using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The file in which a volume of the downward API provides the labels of a pod: one <c>key="value"</c> per line, with the value quoted as
/// in Go. Source: k8s.io/kubernetes pkg/fieldpath, FormatMap.
/// </summary>
internal static class PodLabelsFile
{
    /// <summary>Gets the zone; null if there is no such label, or the file cannot be read. A label's value never needs an escape.</summary>
    /// <param name="path">The file, which has the limits of the files of a configuration.</param>
    /// <param name="limits">The limits; null for the defaults.</param>
    public static string? ZoneIn(string path, ConnectionLimits? limits = null)
    {
        const string Start = Node.ZoneLabel + "=\"";
        try
        {
            return Encoding.UTF8.GetString(ConfigFile.Read(
                    path, "the file with the labels of the pod", "", limits ?? ConnectionLimits.Default)).Split('\n')
                .Select(line => line.TrimEnd('\r'))
                .Where(line => line.StartsWith(Start, StringComparison.Ordinal) && line.EndsWith('"') && line.Length > Start.Length + 1)
                .Select(line => line[Start.Length..^1])
                .FirstOrDefault();
        }
        catch (KubeConfigurationException)
        {
            return null;
        }
    }
}
