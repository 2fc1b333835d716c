using Elbo.Cli.Recipes;

namespace Elbo.Cli.Runs;

/// <summary>What to fit, and where the result goes.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="RecipeName">The recipe's name, or its path in full.</param>
/// <param name="Runs">The folder of runs.</param>
/// <param name="Name">The run's name; null to make one up.</param>
/// <param name="Prefix">What a name made up begins with.</param>
/// <param name="DataFolder">The folder given for named data sets.</param>
/// <param name="Threads">How many threads; null for one per processor.</param>
/// <param name="Command">What was typed.</param>
/// <param name="Quiet">Whether to print no progress.</param>
internal sealed record RunRequest(Recipe Recipe, string RecipeName, string Runs, string? Name, string Prefix, string? DataFolder, int? Threads, string Command, bool Quiet);
