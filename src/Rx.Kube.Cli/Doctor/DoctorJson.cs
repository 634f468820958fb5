using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Writes a report as one line of JSON.</summary>
internal static class DoctorJson
{
    /// <summary>Writes the line.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The line.</returns>
    public static OutputBlock Block(Report report) => OutputBlock.Json(json =>
    {
        json.WriteBoolean("ok", report.First is null);
        json.WriteString("summary", DoctorText.Summary(report));
        json.WriteString("fix", report.First?.Fix);
        json.WriteString("service", report.Service?.ToString());
        json.WriteStartArray("checks");
        foreach (var check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteString("id", check.Id);
            json.WriteString("state", NameOf(check.State));
            json.WriteString("text", check.Text);
            if (check.Fix is not null)
            {
                json.WriteString("fix", check.Fix);
            }

            if (!check.Details.IsEmpty)
            {
                json.WriteStartArray("details");
                foreach (var detail in check.Details)
                {
                    json.WriteStringValue(detail);
                }

                json.WriteEndArray();
            }

            check.Facts?.Invoke(json);
            if (check.Manifest is not null)
            {
                json.WriteString("manifest", check.Manifest);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string NameOf(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Warning => "warning",
        CheckState.Problem => "problem",
        _ => "unknown",
    };
}
