using System.Text.RegularExpressions;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Emulates the part of a terminal that the tool uses, and gets the content of its screen.</summary>
internal sealed partial class Screen
{
    private readonly SortedDictionary<int, string> _lines = [];

    private Screen(string output)
    {
        var row = 1;
        foreach (Match part in Parts().Matches(output))
        {
            switch (part)
            {
                case { Groups: [_, { Success: true, Value: var line }, ..] }:
                    row = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
                    _lines[row] = "";
                    break;
                case { Value: "\e[2J" }:
                    _lines.Clear();
                    break;
                case { Value: "\e[?1049h" }:
                    IsAlternate = true;
                    break;
                case { Value: "\e[?1049l" }:
                    IsAlternate = false;
                    _lines.Clear();
                    row = 1;
                    break;
                case { Value: "\e[?25l" }:
                    IsCursorHidden = true;
                    break;
                case { Value: "\e[?25h" }:
                    IsCursorHidden = false;
                    break;
                case { Value: ['\e', ..] }:
                    break;
                default:
                    _lines[row] = _lines.GetValueOrDefault(row, "") + part.Value;
                    break;
            }
        }
    }

    public bool IsAlternate { get; private set; }

    public bool IsCursorHidden { get; private set; }

    public static Screen After(string output) => new(output);

    public override string ToString() => string.Concat(_lines.Values.Select(l => l.TrimEnd() + "\n"));

    [GeneratedRegex("\e\\[(\\d+);1H|\e\\[[?0-9;]*[A-Za-z]|\e[=>]|[^\e]+")]
    private static partial Regex Parts();
}
