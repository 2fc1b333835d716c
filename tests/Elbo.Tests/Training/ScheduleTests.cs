using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Tests.Training;

public class ScheduleTests
{
    [Fact]
    public void Milestones_multiply_or_follow_a_table()
    {
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Factors(new MilestoneSchedule([2, 4], 0.5), 0, 1.99, 2, 3.5, 4));
        Assert.Equal([1, 0.72, 0.52, 0.52], Factors(new MilestoneSchedule([1, 4], Factors: [0.72, 0.52]), 0, 1, 4, 100));
    }

    [Fact]
    public void Exponential_decay_is_stepped_or_smooth()
    {
        Assert.Equal([1, 1, 0.81], Factors(new ExponentialSchedule(0.9), 0, 0.9, 2));
        Assert.Equal(Math.Sqrt(0.9), Factors(new ExponentialSchedule(0.9, 1, true), 0.5)[0], 1e-15);
    }

    [Fact]
    public void The_cosine_falls_from_one_to_the_floor_over_the_run()
    {
        double[] factors = Factors(new CosineSchedule(null, 0.2), 0, 5, 10, 12);
        Assert.Equal(1, factors[0], 1e-15);
        Assert.Equal(0.6, factors[1], 1e-15);
        Assert.Equal(0.2, factors[2], 1e-15);
        Assert.Equal(0.2, factors[3], 1e-15);
    }

    [Fact]
    public void The_warm_up_reaches_one_at_its_last_step()
    {
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Factors(new WarmupSchedule(4), 0, 0.1, 0.2, 0.3, 0.4));
        Assert.Equal([0.05, 0.1, 1, 1], Factors(new WarmupSchedule(0, 2), 0, 0.1, 1.9, 2));
        Assert.Equal([0.625], Factors(new WarmupSchedule(4, Start: 0.5), 0));
    }

    [Fact]
    public void The_plateau_decays_after_its_patience_and_remembers()
    {
        PlateauSchedule schedule = new(0.5, 1, 0.1, 1, 0.2);
        ScheduleMemory memory = new();
        List<double> factors = [];
        foreach (double bound in new[] { -10, -9, -8.95, -8.95, -8.95, -8.95, -8.95, -8.95, -8.95, -8.95, -8.95 })
        {
            schedule.Observe(bound, memory);
            factors.Add(schedule.Factor(default, memory));
        }

        // −8.95 is less than 0.1 better than −9: two such epochs are one more than the patience; the epoch after a decay does not count.
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2], factors);
    }

    [Fact]
    public void Factors_multiply()
    {
        ProductSchedule schedule = new([new WarmupSchedule(2), new MilestoneSchedule([1], 0.1)]);
        Assert.Equal([0.5, 1, 0.1], Factors(schedule, 0, 0.1, 1));
        Assert.Throws<ElboException>(() => new ProductSchedule([new PlateauSchedule(), new PlateauSchedule()]).Validate());
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Equal("The schedule's 'epochs[1]' is 2; it must be above 0 and above the one before.", Assert.Throws<ElboException>(() => new MilestoneSchedule([3, 2]).Validate()).Message);
        Assert.Throws<ElboException>(() => new WarmupSchedule(3, 3).Validate());
        Assert.Throws<ElboException>(() => new CosineSchedule(0).Validate());
    }

    // A run of 10 epochs of 10 steps.
    private static double[] Factors(Schedule schedule, params double[] epochs)
    {
        schedule.Validate();
        ScheduleMemory memory = new();
        return [.. epochs.Select(epoch => schedule.Factor(new SchedulePoint((long)Math.Round(epoch * 10), epoch, 100, 10), memory))];
    }
}
