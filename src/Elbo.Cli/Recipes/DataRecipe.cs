using System.Text.Json.Serialization;
using Elbo.Data;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Cli.Recipes;

/// <summary>Which rows, how they are divided, and how the model sees them.</summary>
/// <param name="Source">A data set's name, a file or a folder.</param>
/// <param name="Validation">How many training rows to set aside for validation; below 1, which share of them.</param>
/// <param name="Test">How many rows to set aside for testing where the source has no test rows of its own; null for a tenth.</param>
/// <param name="SplitSeed">Chooses the rows to set aside; not the run's seed, so that runs of different seeds compare.</param>
/// <param name="Binarization">How grey values become 0 and 1.</param>
/// <param name="Corruption">How the encoder's input is damaged in training; null for not at all.</param>
/// <param name="Shift">What is added to each value after bytes became 0 to 1.</param>
/// <param name="Labels">The column of a CSV file that holds labels, by its name or number from 0; null for none.</param>
/// <param name="GeneratedTrainRows">How many training rows of a generated set to draw; null for its usual number.</param>
/// <param name="GeneratedTestRows">How many test rows of a generated set to draw; null for its usual number.</param>
internal sealed record DataRecipe(
    string Source = "digits",
    double Validation = 0,
    int? Test = null,
    ulong SplitSeed = 1,
    [property: JsonConverter(typeof(NamedEnumConverter<Binarization>))] Binarization Binarization = Binarization.None,
    CorruptionRecipe? Corruption = null,
    double Shift = 0,
    string? Labels = null,
    int? GeneratedTrainRows = null,
    int? GeneratedTestRows = null)
{
    /// <summary>Throws where a number is out of its range or two choices exclude each other.</summary>
    public void Validate()
    {
        if (!(Validation >= 0) || (Validation >= 1 && Validation != Math.Floor(Validation)) || Validation > int.MaxValue)
            throw new ElboException($"The recipe's 'data.validation' is {Validation}; it must be a number of rows, or a share of them below 1.");
        if (Test is < 0) throw new ElboException($"The recipe's 'data.test' is {Test}; it must be at least 0.");
        if (!double.IsFinite(Shift)) throw new ElboException($"The recipe's 'data.shift' is {Shift}; it must be a finite number.");
        if (Shift != 0 && Binarization != Binarization.None)
            throw new ElboException("The recipe both binarises values and shifts them; leave out 'data.shift' or 'data.binarization'.");
    }

    public DataOptions Options(string? folder) =>
        new() { DataFolder = folder, Csv = Labels is null ? null : new CsvOptions { LabelColumn = Labels }, GeneratedTrainRows = GeneratedTrainRows, GeneratedTestRows = GeneratedTestRows };

    /// <summary>How to divide so many training rows.</summary>
    public SplitOptions SplitOptions(int trainRows) => new() { ValidationRows = (int)(Validation < 1 ? Validation * trainRows : Validation), TestRows = Test, Seed = SplitSeed };
}

/// <summary>Damage to the encoder's input.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MaskingRecipe), "masking")]
[JsonDerivedType(typeof(GaussianRecipe), "gaussian")]
[JsonDerivedType(typeof(SaltAndPepperRecipe), "salt-and-pepper")]
internal abstract record CorruptionRecipe
{
    public abstract Corruption Create();
}

/// <summary>Values set to 0.</summary>
internal sealed record MaskingRecipe(double Probability = 0.3) : CorruptionRecipe
{
    public override Corruption Create() => new MaskingCorruption(Probability);
}

/// <summary>Normal noise added.</summary>
internal sealed record GaussianRecipe(double StandardDeviation = 0.3) : CorruptionRecipe
{
    public override Corruption Create() => new GaussianCorruption(StandardDeviation);
}

/// <summary>Values set to the least or the largest.</summary>
internal sealed record SaltAndPepperRecipe(double Probability = 0.3) : CorruptionRecipe
{
    public override Corruption Create() => new SaltAndPepperCorruption(Probability);
}
