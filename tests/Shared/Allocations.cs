namespace Elbo.TestSupport;

/// <summary>Measures what work allocates on the managed heap.</summary>
internal static class Allocations
{
    /// <summary>
    /// The fewest bytes that one of several repeats allocates on this thread. The runtime itself now and then charges a few kilobytes to a
    /// thread, once (5,488 bytes were seen in a run of the CI when a method was compiled anew); what the work allocates comes in every repeat.
    /// </summary>
    public static long Fewest(Action work)
    {
        work();
        long fewest = long.MaxValue;
        for (int repeat = 0; repeat < 5; repeat++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
