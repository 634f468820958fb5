namespace Rx.Kube.Cli.Templates;

/// <summary>Describes the fields of a command's JSON, so that a template is checked before anything is sent.</summary>
internal abstract record Shape
{
    /// <summary>Gets the shape of a text, a number, or true or false.</summary>
    public static Shape Value { get; } = new Scalar();

    /// <summary>Gets the shape of a list of texts.</summary>
    public static Shape Values { get; } = new List(Value);

    /// <summary>Creates the shape of an object.</summary>
    /// <param name="values">The names of the fields that are single values, divided by blanks.</param>
    /// <param name="others">The other fields.</param>
    /// <returns>The shape.</returns>
    public static Object Of(string values, params (string Name, Shape Shape)[] others) => new(
        [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => (name, Value)), .. others]);

    /// <summary>Creates the shape of a list of objects.</summary>
    /// <param name="values">The names of the fields that are single values, divided by blanks.</param>
    /// <param name="others">The other fields.</param>
    /// <returns>The shape.</returns>
    public static Shape ListOf(string values, params (string Name, Shape Shape)[] others) => new List(Of(values, others));

    /// <summary>The shape of a single value.</summary>
    internal sealed record Scalar : Shape;

    /// <summary>The shape of a list.</summary>
    /// <param name="Element">The shape of its elements.</param>
    internal sealed record List(Shape Element) : Shape;

    /// <summary>The shape of an object.</summary>
    /// <param name="Fields">The fields. An object may lack some of them.</param>
    internal sealed record Object(IReadOnlyList<(string Name, Shape Shape)> Fields) : Shape
    {
        /// <summary>Adds fields.</summary>
        /// <param name="values">The names of the fields that are single values, divided by blanks.</param>
        /// <param name="others">The other fields.</param>
        /// <returns>The shape with all fields.</returns>
        public Object And(string values, params (string Name, Shape Shape)[] others) => new([.. Fields, .. Of(values, others).Fields]);

        /// <summary>Gets the shape of a field.</summary>
        /// <param name="name">The name.</param>
        /// <returns>The shape; null if there is no such field.</returns>
        public Shape? Find(string name) => Fields.FirstOrDefault(f => f.Name == name).Shape;
    }
}
