namespace Rx.Kube.Simulator;

/// <summary>What a simulated user may do with every resource.</summary>
public enum SimulatedAccess
{
    /// <summary>Nothing but discovery.</summary>
    None,

    /// <summary>Get and list, but not watch.</summary>
    List,

    /// <summary>Get, list and watch.</summary>
    Read,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>Who a bearer token stands for.</summary>
/// <param name="Name">The name in the messages of a 403.</param>
/// <param name="Access">What the user may do.</param>
public sealed record SimulatedUser(string Name, SimulatedAccess Access)
{
    /// <summary>Four users, one per kind of access: <c>admin-token</c>, <c>reader-token</c>, <c>lister-token</c>, <c>nobody-token</c>.</summary>
    public static IReadOnlyDictionary<string, SimulatedUser> TestTokens { get; } = new Dictionary<string, SimulatedUser>(StringComparer.Ordinal)
    {
        ["admin-token"] = new("admin", SimulatedAccess.All),
        ["reader-token"] = new("reader", SimulatedAccess.Read),
        ["lister-token"] = new("lister", SimulatedAccess.List),
        ["nobody-token"] = new("nobody", SimulatedAccess.None),
    };
}
