using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Writes a report as one line of JSON.</summary>
internal static class AgreeJson
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(AgreeReport report) => OutputBlock.Json(json =>
    {
        json.WriteBoolean("agreed", report.IsAgreed);
        json.WriteStartArray("services");
        foreach (var service in report.Services)
        {
            json.WriteStartObject();
            json.WriteString("service", $"{service.Service}");
            json.WriteString("version", service.Server?.Version);
            json.WriteStartArray("processes");
            foreach (var verdict in service.Verdicts)
            {
                Write(json, verdict);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("silent");
        foreach (var silent in report.Silent)
        {
            json.WriteStartObject();
            json.WriteString("url", $"{silent.Process}");
            json.WriteString("error", silent.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        var belief = verdict.Belief!;
        json.WriteStartObject();
        json.WriteString("url", $"{verdict.Process}");
        json.WriteString("state", verdict.StateName);
        json.WriteString("text", verdict.Text);
        json.WriteString("version", belief.Version);
        json.WriteString("freshness", belief.Freshness);
        WriteSeconds(json, "ageSeconds", belief.Age);
        WriteSeconds(json, "behindSeconds", verdict.Behind);
        json.WriteString("fingerprint", belief.Fingerprint);
        WriteNames(json, "lacks", verdict.Endpoints?.Missing ?? []);
        WriteNames(json, "extra", verdict.Endpoints?.Extra ?? []);
        WriteNames(json, "differing", verdict.Endpoints?.Other ?? []);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string name, EquatableArray<string> members)
    {
        json.WriteStartArray(name);
        foreach (var member in members)
        {
            json.WriteStringValue(member);
        }

        json.WriteEndArray();
    }
}
