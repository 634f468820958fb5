using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The file in which a volume of the downward API provides the labels of a pod: one <c>key="value"</c> per line, with the value quoted as
/// in Go. Source: k8s.io/kubernetes pkg/fieldpath, FormatMap.
/// </summary>
internal static class PodLabelsFile
{
    private const int MaxLines = 1000;

    /// <summary>Gets the zone; null if there is no such file, or no such label. A label's value never needs an escape.</summary>
    public static string? ZoneIn(string path)
    {
        const string Start = Node.ZoneLabel + "=\"";
        try
        {
            return File.ReadLines(path).Take(MaxLines)
                .Where(line => line.StartsWith(Start, StringComparison.Ordinal) && line.EndsWith('"') && line.Length > Start.Length + 1)
                .Select(line => line[Start.Length..^1])
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
