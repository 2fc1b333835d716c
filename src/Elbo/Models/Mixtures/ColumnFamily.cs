namespace Elbo.Models;

/// <summary>How a column of a <see cref="MixedMixture"/> is distributed within a component.</summary>
public enum ColumnFamily
{
    /// <summary>Normal; such columns may covary within a component.</summary>
    Normal,

    /// <summary>0 or 1.</summary>
    Bernoulli,

    /// <summary>One of some values without an order.</summary>
    Categorical,

    /// <summary>Counts.</summary>
    Poisson,

    /// <summary>Student's t, with degrees of freedom of the column's own: measurements with outliers.</summary>
    Student,
}
