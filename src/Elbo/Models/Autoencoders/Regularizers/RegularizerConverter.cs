namespace Elbo.Models.Autoencoders;

/// <summary>Regularizers by name in JSON.</summary>
internal sealed class RegularizerConverter() : FamilyConverter<Regularizer>("regularizer", Members)
{
    private static readonly FamilyMember<Regularizer>[] Members =
    [
        FamilyMember<Regularizer>.Of("contractive", static () => AutoencoderJson.Default.ContractiveRegularizer),
        FamilyMember<Regularizer>.Of("sparsity", static () => AutoencoderJson.Default.SparsityRegularizer),
        FamilyMember<Regularizer>.Of("parameter-prior", static () => AutoencoderJson.Default.ParameterPriorRegularizer),
    ];
}
