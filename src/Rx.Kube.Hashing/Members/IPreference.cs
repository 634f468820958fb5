namespace Rx.Kube;

/// <summary>The slots of all members in the order in which a key prefers them, each once, its owner first; found one by one as they are asked for.</summary>
internal interface IPreference
{
    /// <summary>The next slot; -1 when there is none left.</summary>
    int Next();
}
