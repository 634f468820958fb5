using System.Globalization;

namespace Rx.Kube;

/// <summary>Makes rings of members with ordinals, such as the pods of a StatefulSet.</summary>
public static class Jump
{
    /// <summary>A ring of names that end in their ordinals, such as <c>cache-0</c>, <c>cache-1</c>, <c>cache-2</c>; each is its own identity.</summary>
    /// <param name="names">Names with the ordinals 0 to n − 1, in any order. None is allowed.</param>
    /// <param name="zone">Where a member is, as with <see cref="Create{TMember}"/>.</param>
    /// <exception cref="ArgumentException">As with <see cref="Create{TMember}"/>; or a name does not end in an ordinal.</exception>
    public static Jump<string> Create(IEnumerable<string> names, Func<string, string?>? zone = null) => Create(names, name => name, OrdinalOf, zone);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys: n members with the ordinals 0 to n − 1. None is allowed.</param>
    /// <param name="hashKey">A member's identity: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.</param>
    /// <param name="ordinal">A member's ordinal, which places it; <see cref="OrdinalOf"/> takes it from a name.</param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by default there are none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity or one ordinal; an ordinal of 0 to n − 1 is missing; an identity is empty; it or a zone is not well-formed Unicode; or there are
    /// more members than <see cref="RingLimits"/> allow.
    /// </exception>
    public static Jump<TMember> Create<TMember>(
        IEnumerable<TMember> members, Func<TMember, string> hashKey, Func<TMember, int> ordinal, Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(ordinal);
        return Jump<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, null, zone)), ordinal);
    }

    /// <summary>The ordinal in which a name ends: 3 for <c>cache-3</c>, as Kubernetes names the pods of a StatefulSet.</summary>
    /// <exception cref="ArgumentException">The name does not end in a hyphen and a number without leading zeros, less than 2^31.</exception>
    public static int OrdinalOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var digits = name.AsSpan(name.LastIndexOf('-') + 1);
        return digits.Length < name.Length && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && (digits.Length == 1 || digits[0] != '0')
            ? ordinal
            : throw new ArgumentException(
                $"'{name}' does not end in an ordinal, as 'cache-3' does. Say what the ordinal of a member is, or use a HashRing, which needs none.", nameof(name));
    }
}
