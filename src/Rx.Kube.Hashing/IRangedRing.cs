namespace Rx.Kube;

/// <summary>
/// A ring on which members own ranges of hashes, so that what each owns and what a change moves can be named:
/// see <see cref="RangedRing"/>.
/// </summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public interface IRangedRing<TMember> : IRing<TMember>
{
    /// <summary>A range around the key, all of it with the same replicas in the same order; all such ranges lie side by side and are the whole space.</summary>
    KeyRange RangeOf(KeyHash key);
}
