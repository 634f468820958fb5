// The tests mostly wait for a server or for time, so more of them run at once than there are processors on CI.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
