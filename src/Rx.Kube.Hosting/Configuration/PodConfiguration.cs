using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Rx.Kube;

/// <summary>Reads <c>Kube:Pod</c>, and what the downward API provides.</summary>
/// <param name="configuration">The configuration, if the host has one.</param>
/// <param name="environment">Reads a variable of the environment; by default, of the process.</param>
internal sealed class PodConfiguration(IConfiguration? configuration = null, Func<string, string?>? environment = null)
    : IConfigureOptions<KubePodOptions>, IPostConfigureOptions<KubePodOptions>, IValidateOptions<KubePodOptions>
{
    private const string Section = "Kube:Pod";

    public void Configure(KubePodOptions options)
    {
        if (configuration?.GetSection(Section) is not { } section || !section.Exists())
        {
            return;
        }

        var reader = new SettingReader(section, options.Faults);
        reader.Text(nameof(options.Name), value => options.Name = value);
        reader.Text(nameof(options.Node), value => options.Node = value);
        reader.Text(nameof(options.Zone), value => options.Zone = value);
        reader.Text(nameof(options.LabelsFile), value => options.LabelsFile = value);
        reader.End();
    }

    public void PostConfigure(string? name, KubePodOptions options)
    {
        options.Name ??= Variable("POD_NAME") ?? Environment.MachineName;
        options.Node ??= Variable("NODE_NAME");
        options.Zone ??= Variable("NODE_ZONE") ?? PodLabelsFile.ZoneIn(options.LabelsFile);
    }

    public ValidateOptionsResult Validate(string? name, KubePodOptions options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);

    private string? Variable(string name) =>
        (environment ?? Environment.GetEnvironmentVariable)(name) is { Length: > 0 } value ? value : null;
}
