using Rx.Kube.Cli.Templates;

namespace Rx.Kube.Cli.Tests.Templates;

/// <summary>The language of <c>-o template=TEXT</c>: fields and loops in the notation of Go.</summary>
public class TemplateTests
{
    private static readonly Shape _shape = Shape.Of(
        "service version cause",
        ("names", Shape.Values), ("range", Shape.Of("first last")),
        ("endpoints", Shape.ListOf("member ready port", ("addresses", Shape.Values), ("ports", Shape.ListOf("port")))));

    [Theory]
    [InlineData("{{.service}}", "prod/cache\n")]
    [InlineData("at {{ .version }}!", "at 7!\n")]
    [InlineData("{{.range.first}}-{{.range.last}}", "1-9\n")]
    [InlineData("{{.names}}", "a,b\n")]
    [InlineData("{{range .names}}<{{.}}>{{end}}", "<a><b>\n")]
    [InlineData("{{range .endpoints}}{{.member}} {{.ready}} {{.port}} {{.addresses}}\\n{{end}}", "c0 true 80 10.0.0.1,::1\nc1 false  \n")]
    [InlineData("{{range .endpoints}}{{$.service}}/{{.member}}{{range .addresses}} {{.}}{{else}} none{{end}}{{\"\\n\"}}{{end}}",
        "prod/cache/c0 10.0.0.1 ::1\nprod/cache/c1 none\n")]
    [InlineData("{{range .endpoints}}{{range .ports}}{{.port}}{{else}}{{.member}}{{end}};{{end}}", "80;c1;\n")]
    [InlineData("{{range .endpoints}}{{range .ports}}{{$.version}}{{end}}{{end}}", "7\n")]
    [InlineData("{{.service}}\\t{{\"}}\"}}{{\"\\\"\"}}\\\\n{single}", "prod/cache\t}}\"\\n{single}\n")]
    [InlineData("{{.cause}}", "")] // nothing to print is no line
    [InlineData("[{{.cause}}]", "[]\n")]
    [InlineData("\e[1m{{.service}}", "\e[1mprod/cache\n")] // the user's own text is not escaped
    public void Fields_and_loops_are_printed(string text, string expected)
    {
        var (template, mistake) = Template.Parse(text, _shape);
        Assert.Null(mistake);
        using var output = new StringWriter();
        template!.Write(
            json =>
            {
                json.WriteString("service", "prod/cache");
                json.WriteNumber("version", 7);
                json.WriteNull("cause");
                json.WritePropertyName("range");
                json.WriteRawValue("""{"first":"1","last":"9"}""");
                json.WritePropertyName("names");
                json.WriteRawValue("""["a","b"]""");
                json.WritePropertyName("endpoints");
                json.WriteRawValue(
                    """
                    [{"member":"c0","ready":true,"port":80,"addresses":["10.0.0.1","::1"],"ports":[{"port":80}]},
                     {"member":"c1","ready":false,"addresses":[],"ports":[]}]
                    """);
            },
            output);
        Assert.Equal(expected, output.ToString());
    }

    [Theory]
    [InlineData("{{.servic}}", "'servic' is not a field of the output. Did you mean service?")]
    [InlineData("{{.range.frst}}", "'frst' is not a field of range. Did you mean first?")]
    [InlineData("{{range .endpoints}}{{.membr}}{{end}}", "'membr' is not a field of an element of .endpoints. Did you mean member?")]
    [InlineData("{{range .endpoints}}{{$.membr}}{{end}}",
        "'membr' is not a field of the output. Its fields are service, version, cause, names, range, endpoints.")]
    [InlineData("{{range .names}}x{{else}}{{.member}}{{end}}", "'member' is not a field of the output.")]
    [InlineData("{{.endpoints.member}}", "endpoints is a list. To fix: write {{range .endpoints}}{{.member}}{{end}}.")]
    [InlineData("{{.endpoints}}", ".endpoints is a list of several fields. To fix: write {{range .endpoints}}{{.member}}{{end}}.")]
    [InlineData("{{.range}}", ".range has several fields: first, last. To fix: write {{.range.first}}.")]
    [InlineData("{{.}}", ". has several fields: service, version, cause, names, range, endpoints. To fix: write {{.service}}.")]
    [InlineData("{{.service.name}}", "service has no fields, so .service.name does not exist.")]
    [InlineData("{{range .names}}{{.x}}{{end}}", "has no fields, so .x does not exist.")]
    [InlineData("{{service}}", "{{service}} is not a field. To fix: write {{.service}}.")]
    [InlineData("{{if .service}}x{{end}}", "{{if .service}} is not known: a template has fields, ")]
    [InlineData("{{.service | len}}", "'service | len' is not a field of the output.")]
    [InlineData("{{$service}}", "'$service' is not a field. To fix: write {{.service}}.")]
    [InlineData("{{range .service}}{{end}}", "{{range .service}} is not a loop: .service is not a list.")]
    [InlineData("{{range .names}}{{.}}", "{{range .names}} has no {{end}}.")]
    [InlineData("{{.service}}{{end}}", "{{end}} has no {{range}} before it.")]
    [InlineData("{{else}}", "{{else}} has no {{range}} before it.")]
    [InlineData("{{range .names}}{{else}}{{else}}{{end}}", "{{else}} has no {{range}} before it.")]
    [InlineData("{{.service}", "'{{.service}' has no }}.")]
    [InlineData("{{\"a}}", "'{{\"a}}' has no }}.")]
    [InlineData("{.service}", "the template has no field. To fix: write one, such as {{.service}}.")]
    [InlineData("", "the template has no field. To fix: write one, such as {{.service}}.")]
    public void A_mistake_is_told_with_what_to_write(string text, string expected)
    {
        var (template, mistake) = Template.Parse(text, _shape);
        Assert.Null(template);
        Assert.Contains(expected, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Loops_in_each_other_are_limited(int beyond)
    {
        var loops = TemplateParser.MaxDepth + beyond;
        var (begins, ends) = (Enumerable.Repeat("{{range $.names}}", loops), Enumerable.Repeat("{{end}}", loops));
        var text = string.Concat([.. begins, "{{.}}", .. ends]);
        Assert.Equal(beyond <= 0 ? null : "more than 20 loops are in each other.", Template.Parse(text, _shape).Mistake);
    }
}
