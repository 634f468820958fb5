using System.CommandLine;
using System.CommandLine.Parsing;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Pages;

/// <summary>Creates the option <c>--web</c>.</summary>
internal static class WebOption
{
    /// <summary>Creates the option.</summary>
    /// <returns>The option; its value is null when the option is not given.</returns>
    public static Option<WebAddress?> Create() => new("--web")
    {
        Description = "Serve a live page of the ring instead, on this machine only, and print its address. PORT, or ADDRESS:PORT for " +
            $"other machines. Default: {WebAddress.UsualPort}, or any free port.",
        HelpName = "[ADDRESS:]PORT",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Parse,
    };

    private static WebAddress? Parse(ArgumentResult result)
    {
        if (result.Tokens is not [{ Value: var text }])
        {
            return WebAddress.Usual;
        }

        if (WebAddress.Parse(text) is { } address)
        {
            return address;
        }

        result.AddError(
            $"{OutputOptions.Typed(result)} '{text}' is not a port. To fix: write a number from 0 to 65535, or an IP address and a port " +
            "as in 10.0.0.7:8077; a Service comes before --web.");
        return null;
    }
}
