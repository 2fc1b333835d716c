using Elbo.Cli.Families;

namespace Elbo.Cli.Rows;

/// <summary>Which row model to fit, and where the result goes.</summary>
/// <param name="Family">The family.</param>
/// <param name="Common">The choices that families share, with this family's.</param>
/// <param name="Values">What was chosen.</param>
/// <param name="Data">The rows.</param>
/// <param name="Runs">The folder of runs.</param>
/// <param name="Name">The run's name; null to make one up.</param>
/// <param name="DataFolder">The folder given for named data sets.</param>
/// <param name="Threads">How many threads; null for one per processor.</param>
/// <param name="Command">What was typed.</param>
/// <param name="Quiet">Whether to print no progress.</param>
internal sealed record RowFitRequest(
    Family Family, CommonSettings Common, SettingValues Values, RowDataRecipe Data, string Runs, string? Name, string? DataFolder, int? Threads, string Command, bool Quiet);
