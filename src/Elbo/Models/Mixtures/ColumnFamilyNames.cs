using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The names that files and the tool give to the families of columns.</summary>
internal static class ColumnFamilyNames
{
    public static string Of(ColumnFamily family) => family switch
    {
        ColumnFamily.Normal => "normal",
        ColumnFamily.Bernoulli => "bernoulli",
        ColumnFamily.Categorical => "categorical",
        ColumnFamily.Poisson => "poisson",
        _ => "student",
    };

    public static ColumnFamily Parse(string name) => name switch
    {
        "normal" or "gaussian" => ColumnFamily.Normal,
        "bernoulli" => ColumnFamily.Bernoulli,
        "categorical" => ColumnFamily.Categorical,
        "poisson" => ColumnFamily.Poisson,
        "student" => ColumnFamily.Student,
        _ => throw new ElboException($"There is no column family '{name}'; choose normal, bernoulli, categorical, poisson or student."),
    };
}
