using System.Reactive.Concurrency;
using System.Runtime.ExceptionServices;

namespace Rx.Kube.Testing;

/// <summary>
/// Records the violations that <see cref="GrammarValidation.ValidateGrammar{T}(IObservable{T}, GrammarLog, string)"/> finds, in any number
/// of streams. Thread-safe.
/// </summary>
/// <remarks>
/// A violation is always recorded, because Rx's operators and tasks may swallow an exception. On the thread that created the log, where
/// virtual time runs, it is also thrown out of the call that violated the grammar. On another thread it is only recorded: an exception
/// there would end the process or be lost.
/// </remarks>
public sealed class GrammarLog
{
    private readonly Lock _gate = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<GrammarException> _violations = [];
    private readonly VirtualTimeScheduler<long, long>? _scheduler;

    /// <summary>Creates a log without times.</summary>
    public GrammarLog()
    {
    }

    /// <summary>Creates a log with the times of a clock, in milliseconds.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public GrammarLog(VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
    }

    /// <summary>Gets the violations so far, in order; each has the stack of the call that violated the grammar.</summary>
    public IReadOnlyList<GrammarException> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>Gets the time as the end of a sentence; empty without a clock.</summary>
    internal string Now => _scheduler is null ? "" : $" at {_scheduler.Frame()} ms";

    /// <summary>Checks that no violations have been recorded so far.</summary>
    /// <exception cref="GrammarException">
    /// There are violations. The message lists all of them; the inner exception is the first.
    /// </exception>
    public void ToHaveNoViolations()
    {
        if (Violations is [var first, ..] all)
        {
            throw new GrammarException(string.Join(Environment.NewLine, all.Select(v => v.Message)), first);
        }
    }

    internal GrammarException Record(string message, Exception? cause = null)
    {
        var violation = new GrammarException(message, cause);
        ExceptionDispatchInfo.SetCurrentStackTrace(violation);
        lock (_gate)
        {
            _violations.Add(violation);
        }

        return violation;
    }

    internal void Report(string message)
    {
        var violation = Record(message);
        if (Environment.CurrentManagedThreadId == _thread)
        {
            throw violation;
        }
    }
}
