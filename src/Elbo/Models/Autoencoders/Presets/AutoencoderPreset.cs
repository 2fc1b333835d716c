using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Storage;

namespace Elbo.Models.Autoencoders;

/// <summary>A named member of the autoencoder family: its choices, its paper and its formula.</summary>
/// <param name="Name">The name in recipes: <c>beta-vae</c>.</param>
/// <param name="Title">The name in prose.</param>
/// <param name="Paper">Who published it, when and where.</param>
/// <param name="Formula">What is maximised.</param>
/// <param name="Definition">Its choices, complete.</param>
public sealed record AutoencoderPreset(string Name, string Title, string Paper, string Formula, AutoencoderDefinition Definition)
{
    private static readonly AutoencoderDefinition Vae = new()
    {
        Latent = 20,
        Encoder = new NetworkDefinition(Hidden: [500]),
        Posterior = new DiagonalGaussianPosterior(),
        Prior = new StandardNormalPrior(),
        Likelihood = new BernoulliLikelihood(),
        Objective = new EvidenceLowerBound(),
        Regularizers = [],
        OutputAtDataMean = false,
    };

    private static readonly AutoencoderDefinition Aevb = Vae with
    {
        Encoder = new NetworkDefinition(Hidden: [500], Activation: ActivationKind.Tanh, Initializer: Initializer.Normal(0.01), BiasInitializer: Initializer.Normal(0.01)),
        Regularizers = [new ParameterPriorRegularizer()],
    };

    private static readonly AutoencoderDefinition Iwae = Vae with
    {
        Latent = 50,
        Encoder = new NetworkDefinition(Hidden: [200, 200], Activation: ActivationKind.Tanh),
        Posterior = new DiagonalGaussianPosterior(ScaleHead.LogScale),
        Objective = new ImportanceWeightedBound(5),
        OutputAtDataMean = true,
    };

    private static readonly AutoencoderDefinition Deterministic = Vae with { Latent = 32, Posterior = new DeterministicPosterior() };

    private static NetworkDefinition Linear { get; } = new(Activation: ActivationKind.Identity);

    /// <summary>Every preset, in the order they are listed to people.</summary>
    public static IReadOnlyList<AutoencoderPreset> All { get; } =
    [
        new("vae", "Variational autoencoder", "Kingma and Welling 2013, arXiv 1312.6114; Rezende et al. 2014, arXiv 1401.4082",
            "E_q[ln p(x|z)] − KL(q(z|x) ‖ p(z))", Vae),
        new("aevb", "Auto-encoding variational Bayes, as published", "Kingma and Welling 2013, arXiv 1312.6114, section 5",
            "E_q[ln p(x|z)] − KL(q(z|x) ‖ p(z)) + (1/N) ln p(θ)", Aevb),
        new("beta-vae", "β-VAE", "Higgins et al. 2017, ICLR",
            "E_q[ln p(x|z)] − β·KL(q(z|x) ‖ p(z))", Vae with { Latent = 10, Objective = new EvidenceLowerBound(Beta: 4) }),
        new("iwae", "Importance-weighted autoencoder", "Burda, Grosse and Salakhutdinov 2016, arXiv 1509.00519",
            "E[ln (1/K) Σₖ p(x, zₖ)/q(zₖ|x)]", Iwae),
        new("wake-sleep", "Wake-sleep, with the networks of aevb", "Hinton, Dayan, Frey and Neal 1995, Science 268; Kingma and Welling 2013, arXiv 1312.6114, figure 2",
            "decoder: E_q[ln p(x, z)]; encoder: E_p[ln q(z|x)] on dreams", Aevb with { Objective = new WakeSleepBound() }),
        new("reweighted-wake-sleep", "Reweighted wake-sleep, with the networks of iwae", "Bornschein and Bengio 2015, arXiv 1406.2751",
            "decoder: Σₖ w̃ₖ ln p(x, zₖ); encoder: ½ Σₖ w̃ₖ ln q(zₖ|x) + ½ E_p[ln q(z|x)]", Iwae with { Objective = new ReweightedWakeSleepBound() }),
        new("full-covariance-vae", "Variational autoencoder with a full-covariance posterior", "Kingma and Welling 2019, arXiv 1906.02691, section 2.5.1",
            "E_q[ln p(x|z)] − KL(N(μ(x), L(x)L(x)ᵀ) ‖ p(z))", Vae with { Posterior = new FullCovarianceGaussianPosterior() }),
        new("linear-vae", "Linear variational autoencoder, whose optimum is probabilistic PCA", "Lucas et al. 2019, arXiv 1911.02469",
            "E_q[ln N(x; Wz + μ, σ²I)] − KL(q(z|x) ‖ p(z))", Vae with
            {
                Encoder = Linear,
                Likelihood = new GaussianLikelihood(VarianceKind.Learned),
            }),
        new("autoencoder", "Deep autoencoder", "Hinton and Salakhutdinov 2006, Science 313",
            "ln p(x|f(x))", Deterministic with { Latent = 30, Encoder = new NetworkDefinition(Hidden: [1000, 500, 250]) }),
        new("denoising", "Denoising autoencoder; the corruption belongs to the recipe's data", "Vincent et al. 2008, ICML",
            "E_c[ln p(x|f(c(x)))]", Deterministic with { Latent = 64 }),
        new("sparse", "Sparse autoencoder", "Lee, Ekanadham and Ng 2008, NIPS",
            "ln p(x|f(x)) − λ Σⱼ KL(ρ ‖ ρ̂ⱼ)", Deterministic with
            {
                Latent = 200,
                Encoder = Linear,
                Posterior = new DeterministicPosterior(ActivationKind.Sigmoid),
                Regularizers = [new SparsityRegularizer()],
            }),
        new("k-sparse", "k-sparse autoencoder", "Makhzani and Frey 2013, arXiv 1312.5663",
            "ln p(x|top_k(f(x)))", Deterministic with { Latent = 1000, Encoder = Linear, Posterior = new DeterministicPosterior(Active: 25) }),
        new("contractive", "Contractive autoencoder", "Rifai et al. 2011, ICML",
            "ln p(x|f(x)) − λ‖∂f/∂x‖²", Deterministic with
            {
                Latent = 200,
                Encoder = Linear,
                Posterior = new DeterministicPosterior(ActivationKind.Sigmoid),
                Regularizers = [new ContractiveRegularizer()],
            }),
    ];

    /// <summary>The preset of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ElboException">There is none; the message names the nearest.</exception>
    public static AutoencoderPreset Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(preset => preset.Name == name)
            ?? throw new ElboException($"The preset '{name}' is not known{NearestName.Suggestion(name, [.. All.Select(preset => preset.Name)])}");
    }
}
