using System.Globalization;
using Grpc.Net.Client.Configuration;

namespace Rx.Kube;

/// <summary>
/// The policy <c>kube_ring</c> in a service config, for channels that <see cref="KubeGrpcExtensions.UseKubeLoadBalancing"/> does not
/// configure. Its settings are <c>header</c>, <c>replicas</c> and <c>authority</c>.
/// </summary>
public sealed class KubeRingConfig : LoadBalancingConfig
{
    /// <summary>The name of the policy.</summary>
    public const string Policy = "kube_ring";

    /// <summary>The name of the policy without keys, which needs no settings.</summary>
    public const string RoundRobinPolicy = "kube_round_robin";

    internal const string HeaderSetting = "header";
    internal const string ReplicasSetting = "replicas";
    internal const string AuthoritySetting = "authority";

    /// <summary>Creates the configuration.</summary>
    /// <param name="header">The metadata entry with the key, as in <see cref="KubeLoadBalancing.ByHeader"/>.</param>
    /// <param name="replicas">
    /// How many replicas a call may go to, from 1 to 255; null for what the options of the topology say.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="header"/> is null or no name of a text entry.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicas"/> is out of its range.</exception>
    public KubeRingConfig(string header, int? replicas = null)
        : this(Checked(header), replicas is { } count ? Checked(count) : null, authority: null)
    {
    }

    internal KubeRingConfig(string? header, int? replicas, string? authority)
        : base(header is null ? RoundRobinPolicy : Policy)
    {
        var settings = (IDictionary<string, object>)Inner[PolicyName];
        Set(settings, HeaderSetting, header);
        Set(settings, ReplicasSetting, replicas);
        Set(settings, AuthoritySetting, authority);
    }

    internal static string Checked(string header)
    {
        ArgumentException.ThrowIfNullOrEmpty(header);
        return header.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            && !header.EndsWith("-bin", StringComparison.Ordinal) && !header.StartsWith("grpc-", StringComparison.Ordinal)
            ? header
            : throw new ArgumentException(
                "This is not the name of a text entry. To fix: lower-case letters, digits, '-', '_' and '.', such as x-key; " +
                "names that end with -bin or begin with grpc- have a meaning of their own.",
                nameof(header));
    }

    internal static int Checked(int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, 255);
        return replicas;
    }

    /// <summary>Reads the settings of a service config, which may come from elsewhere.</summary>
    /// <exception cref="ArgumentException">A setting is invalid.</exception>
    /// <exception cref="FormatException">A setting is invalid.</exception>
    internal static (string? Header, int? Replicas, string? Authority) Read(IDictionary<string, object> settings, bool hasHeader)
    {
        var header = settings.TryGetValue(HeaderSetting, out var name) ? name as string : null;
        return (
            hasHeader ? Checked(header!) : null,
            settings.TryGetValue(ReplicasSetting, out var count)
                ? Checked(Convert.ToInt32(count, CultureInfo.InvariantCulture))
                : null,
            settings.TryGetValue(AuthoritySetting, out var authority) ? authority as string : null);
    }

    private static void Set(IDictionary<string, object> settings, string name, object? value)
    {
        if (value is not null)
        {
            settings[name] = value;
        }
    }
}
