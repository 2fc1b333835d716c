using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>The graph of one step on a batch of a given size: placeholders, what to report, and what to assign.</summary>
internal sealed class TrainingStep
{
    /// <summary>The name of the metric that holds the norm of the gradient before clipping.</summary>
    public const string GradientNorm = "gradientNorm";

    /// <summary>Builds a training step, optimizer updates included.</summary>
    public static TrainingStep Train(ITrainable model, IBatchSource source, TrainingOptions options, Dictionary<string, Parameter> moments)
    {
        TrainingStep step = new(model, source, source.BatchSize, isTraining: true);
        List<(Parameter Parameter, Tensor Gradient)> gradients = step.Gradients();
        Clipping clipping = options.Clipping ?? new Clipping();
        Tensor? norm = null, apply = null;
        if (options.GradientNorm || clipping.Norm is not null || clipping.SkipAbove is not null)
        {
            norm = gradients.Select(pair => pair.Gradient.Square().Sum()).Aggregate((a, b) => a + b).Sqrt();
            step._metrics.Add(new Metric(GradientNorm, norm));
        }

        if (clipping.SkipAbove is { } limit)
        {
            apply = Tensor.Constant(limit).GreaterOrEqual(norm!);
            step._metrics.Add(new Metric("skipped", 1.0 - apply));
        }

        OptimizerContext context = new(moments, apply);
        Optimizer optimizer = options.Optimizer ?? new Adam();
        foreach ((Parameter parameter, Tensor gradient) in gradients)
            optimizer.Build(parameter, Clip(gradient, clipping, norm), context);
        step.Scalars = [.. context.Scalars];
        step.Updates = [.. step.Graph.Updates.Select(update => apply is null ? update : update with { Value = Tensor.Where(apply, update.Value, update.Variable) }), .. context.Updates];
        return step;
    }

    /// <summary>Builds an evaluation on a batch of some size.</summary>
    public static TrainingStep Evaluate(ITrainable model, IBatchSource source, int rows) => new(model, source, rows, isTraining: false);

    private readonly List<Metric> _metrics;

    private TrainingStep(ITrainable model, IBatchSource source, int rows, bool isTraining)
    {
        Shape shape = Shape.Create([rows, .. source.RowShape]);
        Target = Tensor.Input("target", shape);
        Tensor input = source.HasSeparateInput ? Tensor.Input("input", shape) : Target;
        Labels = source.HasLabels ? Tensor.Input("labels", [rows]) : null;
        Batch = new Batch(input, Target, Labels, Tensor.Input("step", Shape.Scalar), Tensor.Input("epoch", Shape.Scalar));
        Graph = model.Build(Batch, isTraining);
        if (Graph.Objectives.Count == 0) throw new ArgumentException("The model has no objective to maximise.", nameof(model));
        Metric[] objectives = [.. Graph.Objectives.Select((objective, i) => new Metric(i == 0 ? "objective" : $"objective{i + 1}", objective.Value))];
        // A model may report its objective itself; it is the same number.
        _metrics = [.. objectives, .. Graph.Metrics.Where(metric => !objectives.Any(own => own.Name == metric.Name))];
        foreach (Metric metric in _metrics)
            if (_metrics.Count(other => other.Name == metric.Name) > 1) throw new ArgumentException($"Two metrics are named '{metric.Name}'; give each its own name.", nameof(model));
        Rows = rows;
    }

    public int Rows { get; }

    public Batch Batch { get; }

    public Tensor Target { get; }

    public Tensor? Labels { get; }

    public TrainingGraph Graph { get; }

    /// <summary>What to report: the objectives first, then the model's own, then the trainer's.</summary>
    public IReadOnlyList<Metric> Metrics => _metrics;

    public IReadOnlyList<Update> Updates { get; private set; } = [];

    public IReadOnlyList<StepScalar> Scalars { get; private set; } = [];

    /// <summary>The gradients of the losses, that is of the negative objectives, by their parameters.</summary>
    public List<(Parameter Parameter, Tensor Gradient)> Gradients()
    {
        List<(Parameter, Tensor)> gradients = [];
        HashSet<Parameter> seen = [];
        foreach (Objective objective in Graph.Objectives)
        {
            Parameter[] trained = [.. objective.Parameters.Where(parameter => parameter.IsTrainable)];
            foreach (Parameter parameter in trained)
                if (!seen.Add(parameter)) throw new ArgumentException($"The parameter '{parameter.Name}' belongs to two objectives; each may be moved by one only.");
            Tensor[] parts = (-objective.Value).Gradients([.. trained.Select(parameter => parameter.Value)]);
            gradients.AddRange(trained.Zip(parts));
        }

        return gradients;
    }

    private static Tensor Clip(Tensor gradient, Clipping clipping, Tensor? norm)
    {
        // The small number is PyTorch's; it keeps a zero gradient from dividing by zero.
        if (clipping.Norm is { } limit) gradient *= (limit / (norm! + 1e-6)).Minimum(1.0);
        return clipping.Value is { } bound ? gradient.Clamp(-bound, bound) : gradient;
    }
}
