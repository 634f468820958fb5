using System.Text.Json;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Writes the results as one line of JSON.</summary>
internal static class SimulationJson
{
    /// <summary>Writes the line.</summary>
    /// <param name="results">The results.</param>
    /// <param name="settings">The settings of the simulation.</param>
    /// <returns>The line, without a line end.</returns>
    public static string Line(IReadOnlyList<SimulationResult> results, SimulateSettings settings) => JsonLines.Line(json =>
    {
        json.WriteNumber("members", settings.Members.Length);
        json.WriteNumber("keys", settings.Keys);
        json.WriteNumber("replicas", settings.Replicas);
        json.WriteNumber("tokens", settings.Tokens);
        if (settings.Script is null)
        {
            json.WriteNumber("seed", settings.Seed);
        }

        json.WriteStartArray("algorithms");
        foreach (var result in results)
        {
            Write(json, result);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, SimulationResult o)
    {
        json.WriteStartObject();
        json.WriteString("algorithm", o.Algorithm.Name);
        Write(json, o.Moved, o.Ideal, o.Ratio, o.Needless, o.Peak);
        if (o.Cost is { } cost)
        {
            json.WriteNumber("nsPerLookup", cost.Lookup);
            Write(json, "usPerChange", cost.Change);
            json.WriteNumber("bytesPerMember", cost.Bytes);
        }

        json.WriteStartArray("steps");
        foreach (var step in o.Steps)
        {
            json.WriteStartObject();
            json.WriteString("step", step.Step.ToString());
            if (step.Refusal is { } refusal)
            {
                json.WriteString("notDone", refusal);
            }
            else
            {
                Write(json, step.Moved, step.Ideal, step.Ratio, step.Needless, step.Peak);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, long moved, double ideal, double? ratio, long needless, double peak)
    {
        json.WriteNumber("moved", moved);
        json.WriteNumber("ideal", ideal);
        Write(json, "ratio", ratio);
        json.WriteNumber("needless", needless);
        json.WriteNumber("peak", peak);
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
