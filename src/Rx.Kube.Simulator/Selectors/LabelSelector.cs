using System.Globalization;

namespace Rx.Kube.Simulator.Selectors;

/// <summary>A label selector: <c>a=b,c!=d,e in (f,g),h,!i,j&gt;1</c>, all of which must hold.</summary>
internal sealed class LabelSelector
{
    internal static readonly LabelSelector Everything = new([]);

    private readonly IReadOnlyList<Requirement> _requirements;

    internal LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    internal enum Operator
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,
        GreaterThan,
        LessThan,
    }

    internal bool IsEmpty => _requirements.Count == 0;

    internal bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Holds(labels)) return false;
        }
        return true;
    }

    internal sealed record Requirement(string Key, Operator Operator, IReadOnlyList<string> Values)
    {
        internal bool Holds(IReadOnlyDictionary<string, string> labels)
        {
            var there = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                Operator.In => there && Values.Contains(value!),
                Operator.NotIn => !there || !Values.Contains(value!),
                Operator.Exists => there,
                Operator.DoesNotExist => !there,
                _ => there && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && Math.Sign(number.CompareTo(long.Parse(Values[0], CultureInfo.InvariantCulture)))
                        == (Operator == Operator.GreaterThan ? 1 : -1),
            };
        }
    }
}
