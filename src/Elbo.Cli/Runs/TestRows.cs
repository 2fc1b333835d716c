using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Cli.Runs;

/// <summary>Single rows of those that a run reports on, by their number.</summary>
internal static class TestRows
{
    public static DataSet One(FittedRun run, int index)
    {
        (string name, DataSet rows) = RunData.Reported(run.Splits);
        if (index >= rows.Rows) throw new ElboException($"The run has {rows.Rows} {name} rows, numbered from 0, but row {index} was asked for; give a smaller number.");
        return rows.Slice(index, 1);
    }
}
