using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Rx.Kube;

/// <summary>
/// Reads the settings of a configuration section by hand, which needs no reflection, and collects what is wrong with them: values that
/// cannot be read, and keys that are no settings.
/// </summary>
internal sealed class SettingReader(IConfigurationSection section, List<string> faults)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a text, if it is there and not empty.</summary>
    public void Text(string key, Action<string> set)
    {
        if (Value(key) is { } text)
        {
            set(text);
        }
    }

    /// <summary>Reads a whole number. <paramref name="set"/> may refuse it with an <see cref="ArgumentException"/>.</summary>
    public void Number(string key, Action<int> set) => Parsed(
        key, set, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        "write a whole number, such as 2");

    /// <summary>Reads true or false.</summary>
    public void Flag(string key, Action<bool> set) => Parsed(
        key, set, text => bool.TryParse(text, out var flag) ? flag : null, "write true or false");

    /// <summary>Reads an absolute http or https address.</summary>
    public void Address(string key, Action<Uri> set)
    {
        if (Value(key) is { } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var address))
            {
                set(address);
            }
            else
            {
                // It may contain a password, so it is not repeated.
                faults.Add($"{section.Path}:{key} is no address. To fix: write one such as http://127.0.0.1:8001.");
            }
        }
    }

    /// <summary>Reads a time. <paramref name="set"/> may refuse it with an <see cref="ArgumentException"/>.</summary>
    public void Time(string key, Action<TimeSpan> set) => Parsed(
        key, set, TimeOf, "write the unit, as in 500ms, 30s, 2m or 1h, or write 00:00:30");

    /// <summary>Reads a section inside this one.</summary>
    public void Section(string key, Action<SettingReader> read)
    {
        _known.Add(key);
        var inner = new SettingReader(section.GetSection(key), faults);
        read(inner);
        inner.End();
    }

    /// <summary>Reports the keys that were not read: misspelled ones would otherwise be ignored.</summary>
    public void End()
    {
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            faults.Add(
                $"{section.Path} has a key '{HostText.Line(child.Key)}', which is no setting. " +
                $"To fix: use one of {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    // A plain number is no time: .NET would read 30 as 30 days.
    private static TimeSpan? TimeOf(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        }

        var digits = text.TrimEnd("mhs".ToCharArray());
        double? unit = text[digits.Length..] switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => text == "0" ? 1 : null,
        };
        return unit is { } milliseconds && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number * milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(number * milliseconds)
            : null;
    }

    private void Parsed<T>(string key, Action<T> set, Func<string, T?> parse, string fix)
        where T : struct
    {
        if (Value(key) is not { } text)
        {
            return;
        }

        if (parse(text) is not { } value)
        {
            faults.Add($"{section.Path}:{key} is '{HostText.Line(text)}', which cannot be read. To fix: {fix}.");
            return;
        }

        try
        {
            set(value);
        }
        catch (ArgumentException refused)
        {
            faults.Add($"{section.Path}:{key} is '{HostText.Line(text)}'. To fix: {HostText.Line(refused.Message)}");
        }
    }

    private string? Value(string key)
    {
        _known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }
}
