using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>q of the rows of a matrix of probabilities, one Dirichlet distribution each, beside its prior. An entry whose prior is 0 is 0 for good. Immutable.</summary>
/// <param name="Prior">The concentrations of the prior, <c>[R, C]</c>; each row has a positive one.</param>
/// <param name="Concentrations">Those of the posterior, <c>[R, C]</c>.</param>
internal sealed record DirichletRows(Matrix Prior, Matrix Concentrations)
{
    /// <summary>The posterior without any data.</summary>
    public static DirichletRows Of(Matrix prior) => new(prior, prior);

    /// <summary>The posterior after expected counts.</summary>
    public DirichletRows Observe(Func<int, int, double> count)
    {
        Matrix sum = Prior.Clone();
        for (int i = 0; i < sum.Rows; i++)
            for (int j = 0; j < sum.Columns; j++)
                if (sum[i, j] > 0) sum[i, j] += count(i, j);
        return this with { Concentrations = sum };
    }

    /// <summary>E[xᵢⱼ].</summary>
    public Matrix Means() => Each(static factor => factor.Mean, 0);

    /// <summary>E[ln xᵢⱼ]; −∞ where the prior is 0.</summary>
    public Matrix MeanLogs() => Each(static factor => factor.MeanLog, double.NegativeInfinity);

    /// <summary>KL of all rows to their priors, in nats.</summary>
    public double Kl()
    {
        double sum = 0;
        for (int i = 0; i < Prior.Rows; i++) sum += new DirichletFactor(Positive(Concentrations, i)).Kl(new DirichletFactor(Positive(Prior, i)));
        return sum;
    }

    /// <summary>The number of free probabilities.</summary>
    public long FreeParameters
    {
        get
        {
            long count = -Prior.Rows;
            foreach (double value in Prior.Values)
                if (value > 0) count++;
            return count;
        }
    }

    private Matrix Each(Func<DirichletFactor, double[]> function, double impossible)
    {
        Matrix result = new(Prior.Rows, Prior.Columns);
        for (int i = 0; i < Prior.Rows; i++)
        {
            double[] values = function(new DirichletFactor(Positive(Concentrations, i)));
            int next = 0;
            for (int j = 0; j < Prior.Columns; j++) result[i, j] = Prior[i, j] > 0 ? values[next++] : impossible;
        }

        return result;
    }

    private double[] Positive(Matrix matrix, int row)
    {
        List<double> result = [];
        for (int j = 0; j < Prior.Columns; j++)
            if (Prior[row, j] > 0) result.Add(matrix[row, j]);
        return [.. result];
    }
}
