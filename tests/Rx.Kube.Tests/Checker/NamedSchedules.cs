using System.Collections.Frozen;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// Schedules that stay: each once showed a defect of the client, or shows what chance rarely does. The name says what.
/// </summary>
internal static class NamedSchedules
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        ["many clients, sent away at the same time"] =
            "clients=12 | 5000:Gone(0,0,0) 9000:Throttle(1000,0,0) 9000:Close(0,0,0)",
        ["an outage, health, and one refusal"] =
            "clients=1 | 3000:Reset(0,0,0) 3000:Refuse(9000,0,0) 20000:Close(0,0,0) 20000:Refuse(300,0,0)",
    }.ToFrozenDictionary();

    public static Schedule[] Schedules => [.. All.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Schedule.Parse(s.Value))];
}
