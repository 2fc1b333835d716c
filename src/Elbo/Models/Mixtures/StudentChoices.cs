namespace Elbo.Models;

/// <summary>What stays as it was chosen while Student-t components are fitted.</summary>
/// <param name="Kind">Full or diagonal.</param>
/// <param name="Regularization">What each M-step adds to each squared scale.</param>
/// <param name="LearnsDegrees">Whether M-steps move ν.</param>
internal sealed record StudentChoices(CovarianceKind Kind, double Regularization, bool LearnsDegrees);
