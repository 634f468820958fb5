using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Rx.Kube;

/// <summary>Reads <c>Kube:Topologies:NAME</c>, and checks what it and the application's code have set.</summary>
internal sealed class TopologyConfiguration(IConfiguration? configuration = null)
    : IConfigureNamedOptions<KubeTopologyOptions>, IValidateOptions<KubeTopologyOptions>
{
    private const string Section = "Kube:Topologies";
    private const int MaxReplicas = 100;
    private const int MaxSelector = 4096;
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    public void Configure(KubeTopologyOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, KubeTopologyOptions options)
    {
        if (configuration?.GetSection($"{Section}:{name}") is not { } section || !section.Exists())
        {
            return;
        }

        var reader = new SettingReader(section, options.Faults);
        reader.Text(nameof(options.Namespace), value => options.Namespace = value);
        reader.Text(nameof(options.Service), value => options.Service = value);
        reader.Text(nameof(options.LabelSelector), value => options.LabelSelector = value);
        reader.Time(nameof(options.HoldDepartures), value => options.HoldDepartures = value);
        reader.Flag(nameof(options.LeaveWhenTerminating), value => options.LeaveWhenTerminating = value);
        reader.Number(nameof(options.Replicas), value => options.Replicas = value);
        reader.Flag(
            nameof(HashRingOptions.SpreadOverZones), value => options.Ring = options.Ring with { SpreadOverZones = value });
        reader.Time(nameof(options.FirstSyncTimeout), value => options.FirstSyncTimeout = value);
        reader.Flag(nameof(options.FailStart), value => options.FailStart = value);
        reader.Time(nameof(options.StaleLimit), value => options.StaleLimit = value);
        reader.Section(nameof(options.Resume), resume =>
        {
            resume.Time(nameof(ResumeOptions.WatchTimeout), value => options.Resume = options.Resume with { WatchTimeout = value });
            resume.Time(nameof(ResumeOptions.SilenceTimeout), value => options.Resume = options.Resume with { SilenceTimeout = value });
            resume.Time(nameof(ResumeOptions.AuditInterval), value => options.Resume = options.Resume with { AuditInterval = value });
            resume.Number(
                nameof(ResumeOptions.MaxAuditedObjects), value => options.Resume = options.Resume with { MaxAuditedObjects = value });
            resume.Time(nameof(ResumeOptions.MaxRetryAfter), value => options.Resume = options.Resume with { MaxRetryAfter = value });
        });
        reader.End();
    }

    public ValidateOptionsResult Validate(string? name, KubeTopologyOptions options)
    {
        var faults = new List<string>(options.Faults);
        void Check(bool isRight, string what, string fix)
        {
            if (!isRight)
            {
                faults.Add($"{what}. To fix: {fix}.");
            }
        }

        void CheckTime(TimeSpan time, string option) => Check(
            time >= TimeSpan.Zero && time <= _day, $"{option} is {time}", "set it from zero to one day");

        var service = options.Service ?? name ?? "";
        Check(
            KubeNames.IsLabel(service), $"Service is '{HostText.Line(service)}', which is not the name of a Service",
            $"set {nameof(options.Service)} to {KubeNames.Rule}");
        Check(
            options.Namespace is null || KubeNames.IsLabel(options.Namespace),
            $"Namespace is '{HostText.Line(options.Namespace)}', which is not the name of a namespace",
            $"set {nameof(options.Namespace)} to {KubeNames.Rule}, or leave it out for the connection's own");
        Check(
            options.LabelSelector is null or { Length: <= MaxSelector }, $"LabelSelector has {options.LabelSelector?.Length} characters",
            $"use at most {MaxSelector}");
        Check(
            options.Replicas is >= 1 and <= MaxReplicas, $"Replicas is {options.Replicas}", $"set it from 1 to {MaxReplicas}");
        CheckTime(options.HoldDepartures, nameof(options.HoldDepartures));
        Check(
            !options.LeaveWhenTerminating || options.HoldDepartures == TimeSpan.Zero,
            "LeaveWhenTerminating is set, and HoldDepartures holds the members that leave", "set one of them");
        CheckTime(options.FirstSyncTimeout, nameof(options.FirstSyncTimeout));
        CheckTime(options.StaleLimit, nameof(options.StaleLimit));
        Check(
            !options.FailStart || options.FirstSyncTimeout > TimeSpan.Zero, "FailStart is set, and FirstSyncTimeout is zero",
            "set FirstSyncTimeout to how long the start may wait");
        Check(options.Ring is not null, "Ring is null", "leave it out, or set its options");
        Check(options.Resume is not null, "Resume is null", "leave it out, or set its options");
        Check(options.Limits is not null, "Limits is null", "leave it out, or set its limits");
        Check(options.TopologyLimits is not null, "TopologyLimits is null", "leave it out, or set its limits");
        Check(options.Scheduler is not null, "Scheduler is null", "leave it out, or set a clock");
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"The topology '{HostText.Line(name)}': {fault}"));
    }
}
