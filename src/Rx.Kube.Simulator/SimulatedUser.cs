namespace Rx.Kube.Simulator;

/// <summary>The access of a simulated user to every resource.</summary>
public enum SimulatedAccess
{
    /// <summary>Discovery only.</summary>
    None,

    /// <summary>Get and list, but not watch.</summary>
    List,

    /// <summary>Get, list and watch.</summary>
    Read,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>A user of the simulated server, identified by a bearer token.</summary>
/// <param name="Name">The name in the message of a 403.</param>
/// <param name="Access">The allowed requests.</param>
public sealed record SimulatedUser(string Name, SimulatedAccess Access)
{
    /// <summary>
    /// Gets four users, one per kind of access: <c>admin-token</c>, <c>reader-token</c>, <c>lister-token</c>, <c>nobody-token</c>.
    /// </summary>
    public static IReadOnlyDictionary<string, SimulatedUser> TestTokens { get; } =
        new Dictionary<string, SimulatedUser>(StringComparer.Ordinal)
        {
            ["admin-token"] = new("admin", SimulatedAccess.All),
            ["reader-token"] = new("reader", SimulatedAccess.Read),
            ["lister-token"] = new("lister", SimulatedAccess.List),
            ["nobody-token"] = new("nobody", SimulatedAccess.None),
        };
}
