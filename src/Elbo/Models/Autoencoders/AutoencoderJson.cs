using System.Text.Json.Serialization;
using Elbo.Objectives;

namespace Elbo.Models.Autoencoders;

/// <summary>The source-generated description of autoencoder definitions, for reading them with <see cref="Storage.StrictJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(AutoencoderDefinition))]
[JsonSerializable(typeof(DiagonalGaussianPosterior))]
[JsonSerializable(typeof(FullCovarianceGaussianPosterior))]
[JsonSerializable(typeof(DeterministicPosterior))]
[JsonSerializable(typeof(StandardNormalPrior))]
[JsonSerializable(typeof(LearnedNormalPrior))]
[JsonSerializable(typeof(BernoulliLikelihood))]
[JsonSerializable(typeof(ContinuousBernoulliLikelihood))]
[JsonSerializable(typeof(GaussianLikelihood))]
[JsonSerializable(typeof(LaplaceLikelihood))]
[JsonSerializable(typeof(EvidenceLowerBound))]
[JsonSerializable(typeof(ImportanceWeightedBound))]
[JsonSerializable(typeof(WakeSleepBound))]
[JsonSerializable(typeof(ReweightedWakeSleepBound))]
[JsonSerializable(typeof(ContractiveRegularizer))]
[JsonSerializable(typeof(SparsityRegularizer))]
[JsonSerializable(typeof(ParameterPriorRegularizer))]
public sealed partial class AutoencoderJson : JsonSerializerContext;
