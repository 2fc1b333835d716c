namespace Elbo.Numerics;

/// <summary>An assignment at the end of a run: the variable takes the value, which is computed from the values before the run.</summary>
/// <param name="Variable">The variable to write.</param>
/// <param name="Value">Its new value, of the variable's shape.</param>
public readonly record struct Update(Variable Variable, Tensor Value);
