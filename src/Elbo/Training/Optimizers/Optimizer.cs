using System.Text.Json.Serialization;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Training;

/// <summary>
/// How gradients move parameters, as updates inside the training step's graph. To add one, derive from this class: the updates may use only
/// element-wise operations on tensors of the parameter's shape and scalars, so that each parameter is one pass over memory.
/// </summary>
/// <remarks>In the formulas g is the gradient of the loss (the negative objective), θ the parameter, η the learning rate of the step.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Sgd), "sgd")]
[JsonDerivedType(typeof(Adagrad), "adagrad")]
[JsonDerivedType(typeof(RmsProp), "rmsprop")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(AdamW), "adamw")]
[JsonDerivedType(typeof(Adamax), "adamax")]
public abstract record Optimizer
{
    /// <summary>The learning rate before the schedule, above 0.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>Builds the updates of one parameter: assigns it and its moments in the context.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">The gradient g of the loss with respect to it, clipped where asked for.</param>
    /// <param name="context">Scalars of the step, moments, and where assignments go.</param>
    public abstract void Build(Parameter parameter, Tensor gradient, OptimizerContext context);

    /// <summary>Throws where an option is out of its range.</summary>
    /// <exception cref="ElboException">An option is out of its range; the message names it.</exception>
    public virtual void Validate() => Require(LearningRate > 0 && double.IsFinite(LearningRate), "learningRate", LearningRate, "above 0");

    /// <summary>Throws unless an option is in its range.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="option">The option's name in recipes.</param>
    /// <param name="value">What was given.</param>
    /// <param name="range">The range in words.</param>
    /// <exception cref="ElboException"><paramref name="holds"/> is false.</exception>
    protected static void Require(bool holds, string option, double value, string range)
    {
        if (!holds) throw new ElboException($"The optimizer's '{option}' is {value}; it must be {range}.");
    }
}
