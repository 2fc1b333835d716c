using System.Text.Json.Serialization;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>Where training stands when a schedule is asked.</summary>
/// <param name="Step">The number of finished steps.</param>
/// <param name="Epoch">The number of finished epochs, with the fraction of the current one.</param>
/// <param name="Steps">The number of steps the whole run is planned for.</param>
/// <param name="Epochs">The number of epochs the whole run is planned for, with a fraction.</param>
public readonly record struct SchedulePoint(long Step, double Epoch, long Steps, double Epochs);

/// <summary>A factor on the optimizer's learning rate, as a function of where training stands. To add one, derive from this class.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(MilestoneSchedule), "milestones")]
[JsonDerivedType(typeof(ExponentialSchedule), "exponential")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(WarmupSchedule), "warm-up")]
[JsonDerivedType(typeof(PlateauSchedule), "plateau")]
[JsonDerivedType(typeof(ProductSchedule), "product")]
public abstract record Schedule
{
    /// <summary>The factor for the step about to be made.</summary>
    /// <param name="point">Where training stands.</param>
    /// <param name="memory">What the schedule has observed so far; see <see cref="Observe"/>.</param>
    /// <returns>The factor, at least 0.</returns>
    public abstract double Factor(in SchedulePoint point, ScheduleMemory memory);

    /// <summary>Tells the schedule the validation bound at the end of an epoch. Most do not listen.</summary>
    /// <param name="bound">The bound in nats, higher is better.</param>
    /// <param name="memory">Where to keep what later factors need; checkpoints save it.</param>
    public virtual void Observe(double bound, ScheduleMemory memory)
    {
    }

    /// <summary>Whether the schedule, or one inside it, learns from the validation bound.</summary>
    [JsonIgnore]
    public virtual bool ListensToValidation => false;

    /// <summary>Throws where an option is out of its range.</summary>
    /// <exception cref="ElboException">An option is out of its range; the message names it.</exception>
    public virtual void Validate()
    {
    }

    /// <summary>Throws unless an option is in its range.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="option">The option's name in recipes.</param>
    /// <param name="value">What was given.</param>
    /// <param name="range">The range in words.</param>
    /// <exception cref="ElboException"><paramref name="holds"/> is false.</exception>
    protected static void Require(bool holds, string option, double value, string range)
    {
        if (!holds) throw new ElboException($"The schedule's '{option}' is {value}; it must be {range}.");
    }
}

/// <summary>What a schedule remembers of the bounds it has seen: saved in checkpoints, so that a resumed run goes on alike.</summary>
public sealed class ScheduleMemory
{
    /// <summary>The best bound so far, in nats.</summary>
    public double Best { get; set; } = double.NegativeInfinity;

    /// <summary>How many epochs in a row brought nothing better.</summary>
    public int Waited { get; set; }

    /// <summary>How many more epochs do not count.</summary>
    public int Cooldown { get; set; }

    /// <summary>The factor reached.</summary>
    public double Factor { get; set; } = 1;
}
