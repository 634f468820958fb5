using System.Text;

namespace Rx.Kube.Testing;

/// <summary>Draws streams one below the other, so that the same time is in the same column. Each row can be read back.</summary>
internal sealed class MarbleLayout
{
    /// <summary>The longest gap that is drawn as dashes; longer ones are drawn as durations.</summary>
    private const int MostDashes = 20;

    private readonly Dictionary<long, int> _columns = [];

    private MarbleLayout(int rows) => Rows = new string[rows];

    /// <summary>The rows, without trailing spaces.</summary>
    public string[] Rows { get; }

    /// <summary>Draws streams; frames are not negative and do not go back.</summary>
    public static MarbleLayout Draw(params List<MarbleToken>[] streams)
    {
        var layout = new MarbleLayout(streams.Length);
        var rows = streams.Select(_ => new StringBuilder()).ToArray();
        long[] frames = [.. streams.SelectMany(s => s).Select(t => t.Frame).Distinct().Order()];
        var byFrame = streams.Select(s => s.ToLookup(t => t.Frame)).ToArray();
        var guarded = streams.Select(LooksLikeTime).ToArray();
        long[] last = [.. streams.Select(s => s.Count == 0 ? -1 : s[^1].Frame)];
        if (frames is [> 0 and var first, ..])
        {
            var gap = Gap(first);
            for (var r = 0; r < rows.Length; r++)
            {
                rows[r].Append(last[r] < 0 ? new string(' ', gap.Length) : gap);
            }
        }

        for (var i = 0; i < frames.Length; i++)
        {
            layout._columns[frames[i]] = rows[0].Length;
            var width = i + 1 < frames.Length ? frames[i + 1] - frames[i] : long.MaxValue;
            string[] cells = [.. byFrame.Select((s, r) => Cell([.. s[frames[i]]], width, guarded[r], frames[i] < last[r]))];
            var widest = cells.Max(c => c.Length);
            for (var r = 0; r < rows.Length; r++)
            {
                rows[r].Append(cells[r].PadRight(widest));
            }
        }

        for (var r = 0; r < rows.Length; r++)
        {
            layout.Rows[r] = rows[r].ToString().TrimEnd();
        }

        return layout;
    }

    /// <summary>Gets the column of a frame, counted from 0.</summary>
    public int ColumnOf(long frame) => _columns.GetValueOrDefault(frame);

    /// <summary>The marks of one frame, and the time to the next drawn frame if the row continues.</summary>
    private static string Cell(MarbleToken[] tokens, long width, bool guarded, bool goesOn)
    {
        var marks = string.Concat(tokens.Select(t => t.Kind switch
        {
            MarbleKind.Next => t.Key.ToString(),
            MarbleKind.Error => "#" + t.Name,
            MarbleKind.Completed => "|",
            MarbleKind.Start => "^",
            _ => "!",
        }));
        var (text, taken) = tokens switch
        {
            [] => ("", 0),
            [{ Kind: MarbleKind.Next, Key: >= '0' and <= '9' }] when guarded => ($"[{marks}]", 1),
            [_] => (marks, 1),
            _ when !goesOn || marks.Length + 2 <= width => ($"({marks})", marks.Length + 2),
            _ => ($"[{marks}]", 1),
        };
        return goesOn ? text + Gap(width - taken) : text;
    }

    private static string Gap(long frames) => frames switch
    {
        <= MostDashes => new string('-', (int)frames),
        _ when frames % 60_000 == 0 => $" {frames / 60_000}m ",
        _ when frames % 1_000 == 0 => $" {frames / 1_000}s ",
        _ => $" {frames}ms ",
    };

    /// <summary>Whether adjacent values of the stream could be read as a duration: <c>1</c> and then <c>m</c>.</summary>
    private static bool LooksLikeTime(List<MarbleToken> tokens) =>
        tokens.Exists(t => t is { Kind: MarbleKind.Next, Key: 'm' or 's' }) &&
        tokens.Exists(t => t.Kind == MarbleKind.Next && char.IsAsciiDigit(t.Key));
}
