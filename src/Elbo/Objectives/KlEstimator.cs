using System.Text.Json.Serialization;
using Elbo.Storage;

namespace Elbo.Objectives;

/// <summary>How the KL of the evidence lower bound is computed: the two estimators of Kingma and Welling 2013, section 2.3.</summary>
[JsonConverter(typeof(NamedEnumConverter<KlEstimator>))]
public enum KlEstimator
{
    /// <summary>In closed form where the pair of families has one, else from draws.</summary>
    Automatic,

    /// <summary>Estimator A, eq. 6: the mean of ln q(z|x) − ln p(z) over draws.</summary>
    MonteCarlo,

    /// <summary>Estimator B, eq. 7: in closed form; lower variance.</summary>
    Analytic,
}
