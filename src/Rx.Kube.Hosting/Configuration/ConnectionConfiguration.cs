using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Rx.Kube;

/// <summary>Reads <c>Kube:Connection</c>, and checks what it and the application's code have set.</summary>
internal sealed class ConnectionConfiguration(IConfiguration? configuration = null)
    : IConfigureOptions<KubeConnectionSettings>, IValidateOptions<KubeConnectionSettings>
{
    private const string Section = "Kube:Connection";

    public void Configure(KubeConnectionSettings options)
    {
        if (configuration?.GetSection(Section) is not { } section || !section.Exists())
        {
            return;
        }

        var reader = new SettingReader(section, options.Faults);
        reader.Address(nameof(options.Server), value => options.Server = value);
        reader.Text(nameof(options.Context), value => options.Context = value);
        reader.Text(nameof(options.Kubeconfig), value => options.Kubeconfig = value);
        reader.Text(nameof(options.Namespace), value => options.Namespace = value);
        reader.End();
    }

    public ValidateOptionsResult Validate(string? name, KubeConnectionSettings options)
    {
        var faults = new List<string>(options.Faults);
        if (options.Server is { } server)
        {
            if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            {
                faults.Add($"{Section}:Server is no http or https address. To fix: write one such as http://127.0.0.1:8001.");
            }

            if (options.Context is not null || options.Kubeconfig is not null)
            {
                faults.Add(
                    $"{Section} has a Server, which is used without credentials, and also a Context or a Kubeconfig. " +
                    "To fix: keep one of them.");
            }
        }

        if (options.Namespace is { } space && !KubeNames.IsLabel(space))
        {
            faults.Add($"{Section}:Namespace is '{HostText.Line(space)}'. To fix: set it to {KubeNames.Rule}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
