namespace Elbo.Training;

/// <summary>The learning rate stays.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory) => 1;
}

/// <summary>The learning rate is multiplied when an epoch is reached: by <c>Factors[i]</c> in all from epoch <c>Epochs[i]</c> on.</summary>
/// <param name="Epochs">The epochs, rising; epoch 1 is the one after the first.</param>
/// <param name="Decay">The factor at each milestone, above 0; ignored where <paramref name="Factors"/> are given.</param>
/// <param name="Factors">The total factor from each milestone on, for rates that follow a table; null to multiply by <paramref name="Decay"/> each time.</param>
public sealed record MilestoneSchedule(IReadOnlyList<double> Epochs, double Decay = 0.1, IReadOnlyList<double>? Factors = null) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory)
    {
        int passed = 0;
        while (passed < Epochs.Count && point.Epoch >= Epochs[passed]) passed++;
        if (passed == 0) return 1;
        return Factors is null ? Math.Pow(Decay, passed) : Factors[passed - 1];
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Decay > 0, "decay", Decay, "above 0");
        for (int i = 0; i < Epochs.Count; i++) Require(Epochs[i] > (i == 0 ? 0 : Epochs[i - 1]), $"epochs[{i}]", Epochs[i], "above 0 and above the one before");
        if (Factors is null) return;
        Require(Factors.Count == Epochs.Count, "factors", Factors.Count, $"a list of as many numbers as 'epochs', {Epochs.Count}");
        for (int i = 0; i < Factors.Count; i++) Require(Factors[i] >= 0, $"factors[{i}]", Factors[i], "at least 0");
    }
}

/// <summary>The learning rate shrinks by the same factor each epoch: <c>decay^⌊epoch/every⌋</c>, or smoothly <c>decay^(epoch/every)</c>.</summary>
/// <param name="Decay">The factor, in (0, 1].</param>
/// <param name="Every">After how many epochs it applies again, above 0.</param>
/// <param name="Smooth">Whether it applies in every step by its share.</param>
public sealed record ExponentialSchedule(double Decay = 0.95, double Every = 1, bool Smooth = false) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory) =>
        Math.Pow(Decay, Smooth ? point.Epoch / Every : Math.Floor(point.Epoch / Every));

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Decay is > 0 and <= 1, "decay", Decay, "in (0, 1]");
        Require(Every > 0, "every", Every, "above 0");
    }
}

/// <summary>
/// Half a cosine from 1 to the floor: <c>floor + (1 − floor)·(1 + cos(π·t/T))/2</c>. Loshchilov and Hutter 2017, eq. 5, without restarts; after
/// T it stays at the floor.
/// </summary>
/// <param name="Epochs">T in epochs; null for the whole run.</param>
/// <param name="Floor">The factor at the end, in [0, 1].</param>
public sealed record CosineSchedule(double? Epochs = null, double Floor = 0) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory)
    {
        double done = Math.Clamp(point.Epoch / (Epochs ?? point.Epochs), 0, 1);
        return Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * done)) / 2;
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Epochs is null or > 0, "epochs", Epochs ?? 0, "above 0");
        Require(Floor is >= 0 and <= 1, "floor", Floor, "in [0, 1]");
    }
}

/// <summary>A straight line from <c>Start</c> to 1 over the first steps: step t of n uses <c>start + (1 − start)·min(t/n, 1)</c>, t = 1 for the first.</summary>
/// <param name="Steps">n in steps; 0 where <paramref name="Epochs"/> are given.</param>
/// <param name="Epochs">n in epochs; 0 where <paramref name="Steps"/> are given.</param>
/// <param name="Start">The factor before the first step, in [0, 1].</param>
public sealed record WarmupSchedule(long Steps = 0, double Epochs = 0, double Start = 0) : Schedule
{
    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory)
    {
        double done = Steps > 0 ? (point.Step + 1.0) / Steps : point.Epochs > 0 ? (point.Epoch + point.Epochs / point.Steps) / Epochs : 1;
        return Start + (1 - Start) * Math.Min(done, 1);
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Steps >= 0, "steps", Steps, "at least 0");
        Require(Epochs >= 0, "epochs", Epochs, "at least 0");
        Require(Steps > 0 != Epochs > 0, "steps", Steps, "above 0, or 'epochs' instead, and not both");
        Require(Start is >= 0 and <= 1, "start", Start, "in [0, 1]");
    }
}

/// <summary>The learning rate is multiplied when the validation bound has not risen for some epochs.</summary>
/// <param name="Decay">The factor, in (0, 1).</param>
/// <param name="Patience">How many epochs in a row may bring nothing better, at least 0.</param>
/// <param name="MinimumChange">By how many nats a bound must be better to count, at least 0.</param>
/// <param name="Cooldown">How many epochs after a decay do not count, at least 0.</param>
/// <param name="Floor">The smallest factor, in [0, 1].</param>
public sealed record PlateauSchedule(double Decay = 0.1, int Patience = 10, double MinimumChange = 1e-4, int Cooldown = 0, double Floor = 0) : Schedule
{
    /// <inheritdoc/>
    public override bool ListensToValidation => true;

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return memory.Factor;
    }

    /// <inheritdoc/>
    public override void Observe(double bound, ScheduleMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        bool better = bound > memory.Best + MinimumChange;
        if (better) memory.Best = bound;
        if (memory.Cooldown > 0)
        {
            memory.Cooldown--;
            memory.Waited = 0;
            return;
        }

        memory.Waited = better ? 0 : memory.Waited + 1;
        if (memory.Waited <= Patience) return;
        memory.Factor = Math.Max(memory.Factor * Decay, Floor);
        memory.Waited = 0;
        memory.Cooldown = Cooldown;
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(Decay is > 0 and < 1, "decay", Decay, "in (0, 1)");
        Require(Patience >= 0, "patience", Patience, "at least 0");
        Require(MinimumChange >= 0, "minimumChange", MinimumChange, "at least 0");
        Require(Cooldown >= 0, "cooldown", Cooldown, "at least 0");
        Require(Floor is >= 0 and <= 1, "floor", Floor, "in [0, 1]");
    }
}

/// <summary>Several schedules at once: their factors multiply, such as a warm-up and a cosine. At most one may listen to the validation bound.</summary>
/// <param name="Parts">The schedules.</param>
public sealed record ProductSchedule(IReadOnlyList<Schedule> Parts) : Schedule
{
    /// <inheritdoc/>
    public override bool ListensToValidation => Parts.Any(part => part.ListensToValidation);

    /// <inheritdoc/>
    public override double Factor(in SchedulePoint point, ScheduleMemory memory)
    {
        double factor = 1;
        for (int i = 0; i < Parts.Count; i++) factor *= Parts[i].Factor(point, memory);
        return factor;
    }

    /// <inheritdoc/>
    public override void Observe(double bound, ScheduleMemory memory)
    {
        foreach (Schedule part in Parts) part.Observe(bound, memory);
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        foreach (Schedule part in Parts) part.Validate();
        Require(Parts.Count(part => part.ListensToValidation) <= 1, "parts", Parts.Count, "a list with at most one schedule that listens to the validation bound");
    }
}
