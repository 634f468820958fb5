namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>What each action of a schedule does to the server and to the network; each case is one kind.</summary>
internal sealed class Actions(
    ServerTime time, Schedule schedule, World world, NetworkMode mode, PendingFaults faults, Accounts accounts, Replicas replicas,
    Watches watches)
{
    /// <summary>Does one action.</summary>
    public void Do(FaultAction action)
    {
        var (a, b) = (action.A, action.B);
        switch (action.Kind)
        {
            case ActionKind.Put:
                world.Put(a);
                watches.PumpAll();
                break;
            case ActionKind.Move:
                world.Put(a, moves: true);
                watches.PumpAll();
                break;
            case ActionKind.Delete:
                world.Delete(a);
                watches.PumpAll();
                break;
            case ActionKind.Recreate:
                world.Delete(a);
                world.Put(a);
                watches.PumpAll();
                break;
            case ActionKind.Burst:
                for (var i = 0; i <= b; i++)
                {
                    world.Put((a + i) % 6);
                }

                watches.PumpAll();
                break;
            case ActionKind.Spoil:
                world.Spoil(a, b);
                watches.PumpAll();
                break;
            case ActionKind.Bump:
                world.Bump(a);
                break;
            case ActionKind.RemoveNamespace:
                var lost = Enumerable.Range(0, 6).Where(world.Delete).ToArray();
                watches.PumpAll();
                time.After(a, () =>
                {
                    Array.ForEach(lost, key => world.Put(key));
                    watches.PumpAll();
                });
                break;
            case ActionKind.Compact:
                if (schedule.Setup.Cache == 0)
                {
                    watches.GoneAsEvent = b == 1;
                    world.Oldest = Math.Max(world.Oldest, world.States[Math.Max(0, world.States.Count - 1 - a)].Version);
                }

                break;
            case ActionKind.Restart:
                watches.GoneAsEvent = b == 1;
                world.Oldest = world.Now.Version;
                world.Thaw();
                watches.Each(action, x => x.Finish(a == 1 ? BrokenConnection.Error(0) : null));
                break;
            case ActionKind.Restore:
                world.Restore(a + 1, behindCache: b == 3);
                watches.Each(action, x =>
                {
                    if (b == 1)
                    {
                        x.Finish(BrokenConnection.Error(0));
                    }
                    else if (b == 2)
                    {
                        (x.History, x.Index) = (world.States, world.States.Count);
                    }
                });
                break;
            case ActionKind.RemoveResource:
                RemoveResource(action);
                break;
            case ActionKind.Rotate:
                accounts.Rotate(a, onRefusal: b == 1);
                break;
            case ActionKind.Lag:
                replicas.FallBehind(a, b);
                break;
            case ActionKind.Close:
                watches.Each(action, x => x.Finish());
                break;
            case ActionKind.Gone:
                watches.Each(action, x =>
                {
                    if (a == 0)
                    {
                        Watches.Gone(x);
                    }
                    else
                    {
                        x.GoneAfter = a;
                    }
                });
                break;
            case ActionKind.ErrorEvent:
                watches.Poison(a, b);
                watches.Each(action, x => watches.Fail(x, a));
                break;
            case ActionKind.Garbage:
                watches.Each(action, x => Garbage(x, a));
                break;
            case ActionKind.Bookmark:
                watches.Each(action, x => OddBookmark(x, a));
                break;
            case ActionKind.NoBookmarks:
                watches.NoBookmarksUntil = time.Now + a;
                break;
            case ActionKind.Split:
                (mode.Split, mode.SplitUntil) = (a, time.Now + b);
                break;
            case ActionKind.Coalesce:
                (mode.Coalesce, mode.CoalesceUntil) = (a + 2, time.Now + b);
                break;
            case ActionKind.Delay:
                (mode.Delay, mode.DelayUntil) = (a, time.Now + b);
                break;
            case ActionKind.Stall:
                watches.Each(action, x => x.Stall(a));
                break;
            case ActionKind.Blackhole:
                watches.Each(action, x => x.Lose());
                if (a == 1)
                {
                    faults.Open(action, b);
                }

                break;
            case ActionKind.HalfClose:
                watches.Each(action, x =>
                {
                    if (a == 0)
                    {
                        x.Finish(BrokenConnection.Ended);
                    }
                    else if (a == 2)
                    {
                        x.Lose();
                    }
                });
                if (a > 0)
                {
                    faults.Open(action, b);
                }

                break;
            case ActionKind.GoAway:
                watches.Each(action, x =>
                {
                    if (a == 0)
                    {
                        x.Lose();
                    }
                    else if (a == 1)
                    {
                        x.Finish(BrokenConnection.GoAway);
                    }
                    else
                    {
                        watches.CutLater(x, new(action.At, ActionKind.CutEvery, b));
                    }
                });
                break;
            case ActionKind.CutEvery:
                faults.Open(action, ActionTable.CutsLast);
                watches.Each(action, x => watches.CutLater(x, action));
                break;
            case ActionKind.ResetStream:
                watches.Each(action, x => x.Cut(b, BrokenConnection.StreamReset(a)));
                break;
            case ActionKind.Fin:
                watches.Each(action, x => x.Cut(a, null));
                break;
            case ActionKind.Reset:
                watches.Each(action, x => x.Cut(a, BrokenConnection.Error(b)));
                break;
            case ActionKind.Throttle or ActionKind.ServerError or ActionKind.Unauthorized or ActionKind.Forbidden or ActionKind.NotFound
                or ActionKind.Refuse or ActionKind.NoAnswer or ActionKind.GoneAgain or ActionKind.EndlessPages:
                faults.Open(action, action.Kind == ActionKind.EndlessPages ? 4_000 : a);
                break;
            default:
                var times = action.Kind switch
                {
                    ActionKind.OddStatus or ActionKind.TooLarge or ActionKind.ExpireContinue or ActionKind.TwoVersions
                        or ActionKind.InstantClose or ActionKind.Lose or ActionKind.Duplicate or ActionKind.LateHeaders
                        or ActionKind.Buffer => a + 1,
                    ActionKind.OldList => b + 1,
                    _ => 1,
                };
                faults.Arm(action, times);
                break;
        }
    }

    // A custom resource whose definition is deleted and created again: its objects go, its watches end, and its paths are unknown.
    private void RemoveResource(FaultAction action)
    {
        var lost = Enumerable.Range(0, 6).Where(world.Delete).ToArray();
        watches.PumpAll();
        watches.Each(x => x.Finish());
        faults.Open(action, action.A);
        time.After(action.A, () =>
        {
            world.Oldest = world.Now.Version;
            if (world.IsFrozen)
            {
                watches.Thaw();
            }

            Array.ForEach(lost, key => world.Put(key));
            watches.PumpAll();
        });
    }

    private static void Garbage(Exchange x, int form)
    {
        switch (form)
        {
            case 0:
                x.Write("no event at all\n"u8.ToArray(), "GARBAGE", "");
                break;
            case 1:
                x.Write("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"s9\"}}}\n"u8.ToArray(), "GARBAGE", "");
                break;
            case 2:
                x.Write("{\"type\":5}\n"u8.ToArray(), "GARBAGE", "");
                break;
            default:
                x.Write("{}\n"u8.ToArray(), "GARBAGE", "");
                break;
        }
    }

    private void OddBookmark(Exchange x, int form)
    {
        var reached = x.Index > 0 ? x.History[x.Index - 1].Version : 100;
        if (form is 0 or 1 && (x.Lag > 0 || x.History != world.Served))
        {
            return;
        }

        var version = form switch { 2 => world.Text(Math.Max(1, reached - 7)), 3 => "0", _ => world.Text(world.ServedVersion) };
        x.Write(Wire.Bookmark(version), "BOOKMARK", version);
        if (form == 1)
        {
            x.Write(Wire.Bookmark(version), "BOOKMARK", version);
        }
    }
}
