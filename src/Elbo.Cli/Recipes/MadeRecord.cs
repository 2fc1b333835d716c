namespace Elbo.Cli.Recipes;

/// <summary>Where, when and by what a run was made. Nothing of it changes the result.</summary>
/// <param name="Version">The version of Elbo.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processor">The processor.</param>
/// <param name="Threads">How many threads trained.</param>
/// <param name="VectorBits">The width of its vectors.</param>
/// <param name="Created">When the run began.</param>
/// <param name="Command">What was typed.</param>
/// <param name="Recipe">The name or path of the recipe.</param>
/// <param name="Rows">What the rows were; a later run must find the same.</param>
/// <param name="DataFolder">The folder given for named data sets; null where none was.</param>
internal sealed record MadeRecord(
    string Version,
    string Runtime,
    string System,
    string Processor,
    int Threads,
    int VectorBits,
    DateTimeOffset Created,
    string Command,
    string Recipe,
    RowsRecord Rows,
    string? DataFolder = null);

/// <summary>How many rows of which content: <see cref="Data.SplitRecord"/> in the recipe's words.</summary>
internal sealed record RowsRecord(int Train, int Validation, int Test, string TrainSha256, string ValidationSha256, string TestSha256)
{
    public static RowsRecord Of(Data.SplitRecord split) =>
        new(split.TrainRows, split.ValidationRows, split.TestRows, split.TrainFingerprint, split.ValidationFingerprint, split.TestFingerprint);

    public Data.SplitRecord ToSplit(DataRecipe data) =>
        new(data.Source, data.SplitSeed, Train, Validation, Test, TrainSha256, ValidationSha256, TestSha256);
}
