using System.CommandLine.Parsing;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Checks names in arguments and options by the rules of the API server. An error states the rule that it checks.</summary>
internal static class KubernetesName
{
    /// <summary>The rule for Services and namespaces.</summary>
    public const string LabelRule = KubeNames.Rule;

    /// <summary>The rule for most other objects.</summary>
    public const string SubdomainRule = KubeNames.SubdomainRule;

    /// <summary>Gets the name of <c>NAME</c> or <c>svc/NAME</c>, as kubectl reads it.</summary>
    /// <param name="service">The argument.</param>
    /// <returns>The name; for another type, the argument, which is no valid name.</returns>
    public static string OfService(string service) =>
        service.Split('/') is ["svc" or "service" or "services", var name] ? name : service;

    /// <summary>Checks the name of a Service: <c>NAME</c> or <c>svc/NAME</c>.</summary>
    /// <param name="result">The parsed argument.</param>
    public static void CheckService(SymbolResult result)
    {
        if (result.Tokens is [{ Value: var typed }] && OfService(typed) is var name && !KubeNames.IsLabel(name))
        {
            result.AddError(Invalid(result, typed, "Service name", LabelRule, name.Contains('/', StringComparison.Ordinal)
                ? "write NAME or svc/NAME" : KubeNames.Fix(name, (service, @namespace) => $"write {service} -n {@namespace}")));
        }
    }

    /// <summary>Checks the name of a namespace.</summary>
    /// <param name="result">The parsed option.</param>
    public static void CheckNamespace(SymbolResult result) => Check(result, "namespace name", LabelRule, KubeNames.IsLabel);

    /// <summary>Checks the name of an object that may contain dots.</summary>
    /// <param name="result">The parsed option.</param>
    /// <param name="what">What is named: <c>name of a Role</c>.</param>
    public static void CheckSubdomain(SymbolResult result, string what) =>
        Check(result, what, SubdomainRule, KubeNames.IsSubdomain);

    /// <summary>Checks names of service accounts: <c>NAME</c> or <c>NAMESPACE:NAME</c>.</summary>
    /// <param name="result">The parsed option.</param>
    public static void CheckServiceAccount(SymbolResult result) => Check(
        result, "service account", $"NAME or NAMESPACE:NAME, each with {SubdomainRule}", text => text.Split(':') switch
        {
            [var name] => KubeNames.IsSubdomain(name),
            [var @namespace, var name] => KubeNames.IsLabel(@namespace) && KubeNames.IsSubdomain(name),
            _ => false,
        });

    private static void Check(SymbolResult result, string what, string rule, Func<string, bool> isValid)
    {
        foreach (var typed in result.Tokens.Select(token => token.Value).Where(typed => !isValid(typed)))
        {
            result.AddError(Invalid(result, typed, what, rule, KubeNames.Fix(typed, isValid)));
        }
    }

    private static string Invalid(SymbolResult result, string typed, string what, string rule, string fix)
    {
        var option = OutputOptions.Typed(result);
        return $"{option}{(option.Length > 0 ? " " : "")}'{typed}' is not a valid {what}: {rule}. To fix: {fix}.";
    }
}
